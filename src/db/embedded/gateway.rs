//! The door before the server in the process.
//!
//! The server serves one client at a time, lets others wait without a word, and one client that behaves badly ends its
//! listener for good. So clients talk to this door: it reads their first packet itself, says when the place is taken,
//! sees a client that vanished off in order, and starts the listener again when it is gone.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Inner;

/// How long a client waits for its turn.
const TURN: Duration = Duration::from_secs(10);
/// How long a client may take for its first packet.
const GREETING: Duration = Duration::from_secs(10);
/// The longest first packet that PostgreSQL takes.
const LONGEST: usize = 10_000;

const TLS_REQUEST: u32 = 80_877_103;
const GSS_REQUEST: u32 = 80_877_104;
const PROTOCOL: u32 = 3;

/// Serves clients until it is dropped with its task.
pub(super) async fn serve(listener: UnixListener, inner: Arc<Mutex<Inner>>, address: PathBuf) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                let (inner, address) = (Arc::clone(&inner), address.clone());
                // A client's failure is the client's affair.
                tokio::spawn(async move { one(client, inner, address).await });
            }
            // Out of file descriptors, say: the next may work.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn one(mut client: UnixStream, inner: Arc<Mutex<Inner>>, address: PathBuf) -> std::io::Result<()> {
    let Ok(greeting) = tokio::time::timeout(GREETING, greeting(&mut client)).await else { return Ok(()) };
    let Some(startup) = greeting? else { return Ok(()) };
    let Ok(turn) = tokio::time::timeout(TURN, inner.lock_owned()).await else {
        let message =
            "the PostgreSQL inside aludel serves one connection at a time, and it is taken: close the other one";
        return refuse(&mut client, "53300", message).await;
    };
    match open(turn, address).await {
        Ok((turn, server)) => pump(client, server, &startup, turn).await,
        Err(error) => refuse(&mut client, "57P03", &error).await,
    }
}

/// The client's startup packet, with requests for encryption declined. `None` if it is none of PostgreSQL's.
async fn greeting(client: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    loop {
        let length = client.read_u32().await?;
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        if !(8..=LONGEST).contains(&size) {
            return Ok(None);
        }
        let mut body = vec![0; size - 4];
        client.read_exact(&mut body).await?;
        let code = body.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        match code {
            TLS_REQUEST | GSS_REQUEST => client.write_all(b"N").await?,
            code if code >> 16 == PROTOCOL => {
                let mut packet = length.to_be_bytes().to_vec();
                packet.extend(body);
                return Ok(Some(packet));
            }
            // A request to cancel among them, which has no effect on this server.
            _ => return Ok(None),
        }
    }
}

/// A stream to the server, whose listener is started again if it is gone.
async fn open(turn: OwnedMutexGuard<Inner>, address: PathBuf) -> Result<(OwnedMutexGuard<Inner>, UnixStream), String> {
    if let Ok(server) = UnixStream::connect(&address).await {
        return Ok((turn, server));
    }
    let restart = tokio::task::spawn_blocking(move || {
        let mut turn = turn;
        let result = turn.restart();
        (turn, result)
    });
    let (turn, result) = restart.await.map_err(|error| error.to_string())?;
    result.map_err(|error| error.to_string())?;
    let server = UnixStream::connect(&address).await.map_err(|error| error.to_string())?;
    Ok((turn, server))
}

/// Carries both ways until both are done. Holds the turn until the server is done with the client.
async fn pump(
    client: UnixStream,
    server: UnixStream,
    startup: &[u8],
    turn: OwnedMutexGuard<Inner>,
) -> std::io::Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    to_server.write_all(startup).await?;
    let up = async {
        // However the client ends, the server sees an orderly end.
        let _ = copy(&mut from_client, &mut to_server).await;
        let _ = to_server.shutdown().await;
    };
    let down = async {
        if copy(&mut from_server, &mut to_client).await.is_err() {
            // The client is gone: what the server still says has to be read, or its listener ends.
            let _ = copy(&mut from_server, &mut tokio::io::sink()).await;
        }
        let _ = to_client.shutdown().await;
    };
    tokio::pin!(up, down);
    // When the server has ended, nothing the client says matters.
    tokio::select! {
        () = &mut down => {}
        () = &mut up => down.await,
    }
    drop(turn);
    Ok(())
}

async fn refuse(client: &mut UnixStream, code: &str, message: &str) -> std::io::Result<()> {
    let mut fields = Vec::new();
    for (key, value) in [(b'S', "FATAL"), (b'V', "FATAL"), (b'C', code), (b'M', message)] {
        fields.push(key);
        fields.extend(value.bytes());
        fields.push(0);
    }
    fields.push(0);
    let length = u32::try_from(fields.len() + 4).unwrap_or(u32::MAX);
    client.write_u8(b'E').await?;
    client.write_u32(length).await?;
    client.write_all(&fields).await?;
    client.shutdown().await
}
