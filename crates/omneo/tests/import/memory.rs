//! However long a file is, no more than some pieces of it are held.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::stream;
use omneo::Omneo;
use omneo::import::{File, Handler};

const LENGTH: u64 = 200 << 20;
const PIECE: usize = 64 << 10;

/// How much may lie between the file and the server: the buffers of both sockets, which the system sizes.
const UNDER_WAY: u64 = 32 << 20;

/// How much of the file the client itself may hold.
const HELD: u64 = 2 << 20;

/// Lists no imports, reads an upload and throws it away; how much it has read is counted.
fn sink(listener: &TcpListener, read: &AtomicU64) {
    let (stream, _) = listener.accept().unwrap();
    let mut answers = stream.try_clone().unwrap();
    let mut requests = BufReader::with_capacity(PIECE, stream);
    for answer in [r#"{"data":[]}"#, r#"{"data":{"id":1}}"#] {
        let mut length = 0;
        loop {
            let mut line = String::new();
            requests.read_line(&mut line).unwrap();
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut piece = vec![0; PIECE];
        while length > 0 {
            let most = piece.len().min(usize::try_from(length).unwrap());
            let count = requests.read(&mut piece[..most]).unwrap();
            assert!(count > 0, "the upload broke off");
            length -= count as u64;
            read.fetch_add(count as u64, Ordering::SeqCst);
        }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length";
        write!(answers, "{head}: {}\r\n\r\n{answer}", answer.len()).unwrap();
    }
}

#[test]
fn a_file_of_200_mib_is_never_held() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let arrived = Arc::new(AtomicU64::new(0));
    let ahead = Arc::new(AtomicU64::new(0));
    let server = {
        let arrived = arrived.clone();
        std::thread::spawn(move || sink(&listener, &arrived))
    };
    let pieces = {
        let (arrived, ahead) = (arrived.clone(), ahead.clone());
        let pieces = LENGTH / PIECE as u64;
        stream::iter((0..pieces).map(move |number| {
            let taken = number * PIECE as u64;
            let open = taken.saturating_sub(arrived.load(Ordering::SeqCst));
            ahead.fetch_max(open, Ordering::SeqCst);
            Ok(vec![b'x'; PIECE].into())
        }))
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let omneo = Omneo::builder()
        .base_url(url)
        .token("hush")
        .build()
        .unwrap();
    let file = File::stream("a.csv", pieces, Some(LENGTH));
    // All that the client does is done by this thread.
    let used = allocation_counter::measure(|| {
        runtime.block_on(async {
            omneo.upload(Handler::OmneoProfile, file).await.unwrap();
        });
    });
    server.join().unwrap();
    assert!(arrived.load(Ordering::SeqCst) > LENGTH);
    assert!(used.bytes_max < HELD, "{} bytes were held", used.bytes_max);
    let ahead = ahead.load(Ordering::SeqCst);
    assert!(ahead < UNDER_WAY, "{ahead} bytes were taken ahead");
}
