//! One connection: its requests, and what becomes of each.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::decode::{Decoder, Malformed, Request};
use crate::fault::{Cut, End};
use crate::response::After;
use crate::shared::{InFlight, Shared};
use crate::wire::Wire;
use crate::{Moment, Received, Response};

/// How many bytes are read at once, at least.
const READ: usize = 16 << 10;

/// How many bytes a client may send while its request is stalled, before they are left to the system.
const READ_AHEAD: usize = 64 << 10;

/// The connection is over: reset, closed, or left by the client.
struct Over;

impl From<io::Error> for Over {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// Serves a connection until it is over.
pub(crate) async fn serve(stream: TcpStream, number: usize, shared: Arc<Shared>) {
    // A head and its body are written at once, or are meant to be seen apart. An error means that the client is gone.
    let _ = stream.set_nodelay(true);
    let connection = Connection {
        in_flight: None,
        stream,
        buffer: BytesMut::new(),
        number,
        shared,
    };
    let Over = connection.run().await;
}

struct Connection {
    /// Before the stream, to be dropped first: the client must not see the end of a request that still counts.
    in_flight: Option<InFlight>,
    stream: TcpStream,
    buffer: BytesMut,
    number: usize,
    shared: Arc<Shared>,
}

impl Connection {
    async fn run(mut self) -> Over {
        let mut reset_on_reuse = false;
        loop {
            match self.serve_next(reset_on_reuse).await {
                Ok(after) => reset_on_reuse = after == After::ResetOnReuse,
                Err(over) => return over,
            }
        }
    }

    /// Serves one request, and says what becomes of the connection.
    async fn serve_next(&mut self, reset_on_reuse: bool) -> Result<After, Over> {
        if self.buffer.is_empty() {
            self.read().await?;
        }
        if reset_on_reuse {
            return Err(self.reset());
        }
        let mut met = self.shared.next_unread();
        if let Some(fault) = &mut met {
            self.meet(fault.cut.take(), Moment::Unread).await?;
        }
        let Request {
            method,
            target,
            headers,
            body,
            keep_alive,
        } = self.read_request().await?;
        let to_head = method == http::Method::HEAD;
        let request = Arc::new(Received::new(self.number, method, target, headers, body));
        let (fault, in_flight) = self.shared.arrived(&request, met);
        self.in_flight = Some(in_flight);

        let cut = fault.cut;
        // A fallback's `Unread` comes here too.
        self.meet(cut, Moment::Unread).await?;
        self.meet(cut, Moment::Unprocessed).await?;
        let response = fault.response(&request, |request| self.shared.process(request));
        self.meet(cut, Moment::Unanswered).await?;
        let wire = response.encode(to_head, keep_alive);
        let mut sent = 0;
        for moment in [Moment::InHead, Moment::InBody] {
            if cut.is_some_and(|cut| cut.moment == moment) {
                sent = wire.position(moment);
                self.send(&wire, 0..sent).await?;
                self.meet(cut, moment).await?;
            }
        }
        self.in_flight = None;
        self.send(&wire, sent..wire.bytes.len()).await?;
        while let Some(block) = &wire.endless {
            self.stream.write_all(block).await?;
        }
        if !keep_alive || response.after == After::Close || response.says_close() {
            return Err(self.close().await);
        }
        Ok(response.after)
    }

    /// Does what is to be done at this moment.
    async fn meet(&mut self, cut: Option<Cut>, moment: Moment) -> Result<(), Over> {
        match cut {
            Some(cut) if cut.moment == moment => match cut.end {
                End::Reset => Err(self.reset()),
                End::Close => Err(self.close().await),
                End::Stall => self.stall().await,
            },
            _ => Ok(()),
        }
    }

    /// The connection ends with RST instead of FIN when the stream is dropped, which is next.
    fn reset(&mut self) -> Over {
        self.stream
            .set_zero_linger()
            .map_or_else(Over::from, |()| Over)
    }

    /// Ends the connection with FIN.
    async fn close(&mut self) -> Over {
        self.in_flight = None;
        if let Err(error) = self.stream.shutdown().await {
            return error.into();
        }
        // Bytes that nobody has read would make the system send RST, which can overtake the answer.
        loop {
            self.buffer.clear();
            if let Err(over) = self.read().await {
                return over;
            }
        }
    }

    async fn stall(&mut self) -> Result<(), Over> {
        let shared = Arc::clone(&self.shared);
        let stall = shared.stalls.stall();
        tokio::pin!(stall);
        // Reading is how a client is seen to leave.
        while self.buffer.len() < READ_AHEAD {
            tokio::select! {
                biased;
                () = &mut stall => return Ok(()),
                read = self.read() => if let Err(over) = read {
                    self.in_flight = None;
                    shared.stalls.abandoned.report();
                    return Err(over);
                }
            }
        }
        stall.await;
        Ok(())
    }

    async fn read_request(&mut self) -> Result<Request, Over> {
        let mut decoder = Decoder::default();
        loop {
            match decoder.decode(&mut self.buffer) {
                Ok(Some(request)) => return Ok(request),
                Ok(None) if self.fill().await? > 0 => {}
                // It ended amid the request.
                Ok(None) => return Err(self.refuse(Malformed::Syntax).await),
                Err(malformed) => return Err(self.refuse(malformed).await),
            }
        }
    }

    async fn refuse(&mut self, malformed: Malformed) -> Over {
        let wire = Response::new(malformed.status()).encode(false, false);
        match self.stream.write_all(&wire.bytes).await {
            Ok(()) => self.close().await,
            Err(error) => error.into(),
        }
    }

    /// Reads what is there, or waits until something is.
    async fn read(&mut self) -> Result<(), Over> {
        match self.fill().await? {
            0 => Err(Over),
            _ => Ok(()),
        }
    }

    async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(READ);
        self.stream.read_buf(&mut self.buffer).await
    }

    async fn send(&mut self, wire: &Wire, range: Range<usize>) -> io::Result<()> {
        for write in wire.writes(range) {
            self.stream.write_all(&wire.bytes[write]).await?;
        }
        Ok(())
    }
}
