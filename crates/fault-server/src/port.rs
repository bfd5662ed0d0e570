//! An address that refuses connections.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

use crate::FaultServer;

/// An address on loopback that refuses connections.
///
/// The port is bound and not listened on. So no other process can take it, as it could a port that was only seen to be
/// free, and no client can come to be connected to itself.
///
/// ```
/// use fault_server::RefusingPort;
/// use std::net::TcpStream;
///
/// let port = RefusingPort::bind();
/// assert!(TcpStream::connect(port.address()).is_err());
///
/// // A server that comes up late.
/// let server = port.listen();
/// assert!(TcpStream::connect(server.address()).is_ok());
/// ```
#[derive(Debug)]
pub struct RefusingPort {
    pub(crate) socket: TcpSocket,
    address: SocketAddr,
}

impl RefusingPort {
    /// Takes a port of 127.0.0.1 that is free.
    ///
    /// # Panics
    ///
    /// If the system has no port on loopback to give.
    #[must_use]
    pub fn bind() -> Self {
        let bind = || {
            let socket = TcpSocket::new_v4()?;
            socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
            let address = socket.local_addr()?;
            Ok::<_, std::io::Error>(Self { socket, address })
        };
        bind().expect("the system gives a port on loopback")
    }

    /// The address that refuses.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts a server on this port.
    ///
    /// # Panics
    ///
    /// If the system refuses to listen, or to start a thread.
    #[must_use]
    pub fn listen(self) -> FaultServer {
        FaultServer::listen(self)
    }
}
