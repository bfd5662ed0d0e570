//! How far a run says that it is.

use std::sync::{Arc, Mutex};

use futures_util::{StreamExt as _, stream};
use omneo::batch::Progress;

use crate::server::{BatchServer, FAILS};
use crate::support::{marked, transactions};

#[tokio::test]
async fn progress_is_told_whenever_something_came_of_records() {
    let server = BatchServer::start();
    let told = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let tell = told.clone();
    let mut records = transactions(95);
    records[3] = marked(3, FAILS);
    let batch = server.omneo().batch().chunk(10).expect(95);
    let batch = batch.on_progress(move |progress| tell.lock().unwrap().push(progress.clone()));
    let report = batch.send(stream::iter(records)).report().await;
    assert_eq!(report.total, 95);
    let told = told.lock().unwrap();
    // Once for each batch.
    assert_eq!(told.len(), 10);
    assert!(told.is_sorted_by_key(Progress::done));
    assert!(told.is_sorted_by_key(|progress| progress.elapsed));
    let last = told.last().unwrap();
    assert_eq!((last.done(), last.succeeded, last.failed), (95, 94, 1));
    assert_eq!(last.remaining().unwrap().as_secs(), 0);
    assert!(told[4].remaining().unwrap().as_secs() > 0);
}

#[tokio::test]
async fn a_run_says_how_far_it_is_at_any_time() {
    let server = BatchServer::start();
    let batch = server.omneo().batch().chunk(10).concurrency(1);
    let mut run = batch.send(stream::iter(transactions(30)));
    let before = run.progress();
    assert_eq!((before.done(), before.remaining()), (0, None));
    run.next().await.unwrap();
    assert_eq!(run.progress().succeeded, 10);
    while run.next().await.is_some() {}
    assert_eq!(run.progress().succeeded, 30);
    assert_eq!(run.progress().expected, None);
}
