//! The servers that a connection string names.

use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;

use super::settings::Settings;
use super::{Error, value};

/// Where distributions put the server's socket.
const SOCKET_FOLDERS: [&str; 3] = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

/// One server of a connection string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// A name, an address, or the folder of a socket.
    pub(super) name: String,
    /// The address to use instead of looking the name up.
    pub(super) address: Option<IpAddr>,
    pub(super) port: u16,
}

impl Host {
    pub(super) fn is_socket(&self) -> bool {
        self.address.is_none() && self.name.starts_with('/')
    }

    pub(super) fn is_local(&self) -> bool {
        let by_name = || self.name == "localhost" || self.name.ends_with(".localhost");
        match self.address.or_else(|| self.name.parse().ok()) {
            Some(address) => address.is_loopback(),
            None => self.is_socket() || by_name(),
        }
    }
}

/// The servers of a connection string, in the order in which they are tried.
pub(super) fn hosts(settings: &Settings) -> Result<Vec<Host>, Error> {
    let items = |key: &str| -> Vec<String> {
        settings.get(key).map(|text| text.split(',').map(|item| item.trim().to_owned()).collect()).unwrap_or_default()
    };
    let (names, addresses, ports) = (items("host"), items("hostaddr"), items("port"));
    let count = names.len().max(addresses.len()).max(1);
    if !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() {
        return Err(value("hostaddr", &settings["hostaddr"], "as many addresses as hosts"));
    }
    if ports.len() > 1 && ports.len() != count {
        return Err(value("port", &settings["port"], "one port, or as many as hosts"));
    }
    (0..count)
        .map(|i| {
            let port = ports.get(i).or(ports.first()).map_or("", String::as_str);
            let port = match port {
                "" => 5432,
                text => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| value("port", text, "1 to 65535"))?,
            };
            let address = match addresses.get(i).map_or("", String::as_str) {
                "" => None,
                text => Some(IpAddr::from_str(text).map_err(|_| value("hostaddr", text, "an IP address"))?),
            };
            let name = names.get(i).cloned().unwrap_or_default();
            let name = if name.is_empty() && address.is_none() { default_host(port) } else { name };
            Ok(Host { name, address, port })
        })
        .collect()
}

/// The folder that has the server's socket, else localhost.
fn default_host(port: u16) -> String {
    let has_socket = |folder: &&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    SOCKET_FOLDERS.iter().find(|folder| has_socket(folder)).unwrap_or(&"localhost").to_string()
}
