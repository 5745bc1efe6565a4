//! TLS as libpq's `sslmode` means it, on rustls.
//!
//! `require` encrypts without looking at the certificate unless a root file is there; `verify-ca` checks who
//! signed it; `verify-full` also checks the host's name.
//! Rules: <https://www.postgresql.org/docs/current/libpq-ssl.html>.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::Error;

/// libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl Mode {
    /// The names libpq gives them.
    pub(super) const NAMES: [(&str, Mode); 6] = [
        ("disable", Mode::Disable),
        ("allow", Mode::Allow),
        ("prefer", Mode::Prefer),
        ("require", Mode::Require),
        ("verify-ca", Mode::VerifyCa),
        ("verify-full", Mode::VerifyFull),
    ];

    pub(super) fn name(self) -> &'static str {
        Mode::NAMES.iter().find(|(_, mode)| *mode == self).map_or("", |(name, _)| name)
    }
}

/// Where certificates come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    /// `sslrootcert`: a file, or `system` for the machine's own authorities.
    pub(super) root: Option<String>,
    /// `sslcert`: what this client shows.
    pub(super) cert: Option<PathBuf>,
    /// `sslkey`.
    pub(super) key: Option<PathBuf>,
}

/// Makes the connector for one mode.
pub(super) fn connector(mode: Mode, files: &Files) -> Result<MakeRustlsConnect, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|source| Error::Tls(source.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier(mode, files, provider)?));
    let mut config = match (&files.cert, &files.key) {
        (Some(cert), Some(key)) => {
            let chain = certificates("sslcert", cert)?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|source| pem("sslkey", key, &source))?;
            builder.with_client_auth_cert(chain, key).map_err(|source| Error::Tls(source.to_string()))?
        }
        (Some(_), None) => return Err(Error::Tls("sslcert is given without sslkey".to_owned())),
        (None, _) => builder.with_no_client_auth(),
    };
    // Asked for by `sslnegotiation=direct` servers; others pass over it.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

fn verifier(mode: Mode, files: &Files, provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
    let mut pinned = Vec::new();
    let mut store = RootCertStore::empty();
    match files.root.as_deref() {
        Some(path) if path != "system" => {
            pinned = certificates("sslrootcert", Path::new(path))?;
            store.add_parsable_certificates(pinned.iter().cloned());
        }
        None if mode < Mode::VerifyCa => return Ok(Verifier { check: Check::Nothing, pinned, inner: None, provider }),
        _ => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                return Err(Error::NoRoots);
            }
        }
    }
    let check = if mode == Mode::VerifyFull { Check::ChainAndName } else { Check::Chain };
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
        .build()
        .map_err(|source| Error::Tls(format!("sslrootcert holds no usable certificate: {source}")))?;
    Ok(Verifier { check, pinned, inner: Some(inner), provider })
}

fn certificates(what: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(|source| pem(what, path, &source)).and_then(
        |found: Vec<_>| {
            let empty = found.is_empty();
            if empty { Err(Error::Tls(format!("{what} {} holds no certificate", path.display()))) } else { Ok(found) }
        },
    )
}

fn pem(what: &str, path: &Path, source: &dyn std::error::Error) -> Error {
    Error::Tls(format!("cannot read {what} {}: {source}", path.display()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Nothing,
    Chain,
    ChainAndName,
}

#[derive(Debug)]
struct Verifier {
    check: Check,
    /// The certificates of the root file. A server's own self-signed certificate may be among them, as libpq
    /// allows; web PKI would refuse it as an authority used as a server.
    pinned: Vec<CertificateDer<'static>>,
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        let Some(inner) = self.inner.as_ref().filter(|_| self.check != Check::Nothing) else {
            return Ok(ServerCertVerified::assertion());
        };
        if self.pinned.iter().any(|root| root.as_ref() == end_entity.as_ref()) {
            if self.check == Check::ChainAndName {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        match inner.verify_server_cert(end_entity, intermediates, server_name, ocsp, now) {
            // The name is looked at last, so here the chain is good.
            Err(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }))
                if self.check == Check::Chain =>
            {
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
