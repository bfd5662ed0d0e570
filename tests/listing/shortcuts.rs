//! All records at once, the first, and how many.

use omneo_api::ErrorKind;
use serde_json::{Value, json};

use super::id;
use super::server::{Asked, Server, page};

#[tokio::test]
async fn all_gives_every_record() {
    let server = Server::of(5);
    let list = server.api().rewards().list().page_size(2);
    let all = list.all(5).await.unwrap();
    assert_eq!(all.iter().map(id).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(
        Server::of(0)
            .api()
            .rewards()
            .list()
            .all(0)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn all_of_more_than_the_limit_is_an_error_with_both_numbers() {
    let server = Server::of(6);
    let error = server.api().rewards().list().page_size(2).all(5).await;
    let error = error.unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::ListTooLong {
            limit: 5,
            total: Some(6)
        }
    ));
    assert_eq!(
        error.to_string(),
        "rewards_index: the list has 6 records, more than the limit of 5; raise the limit, narrow the list, or read it with items()"
    );
    // The first page tells; one was ahead.
    assert!(server.asked().len() <= 2, "{:?}", server.pages());
}

fn without_total(asked: &Asked, ids: &[u64]) -> Value {
    let mut page = page(asked, ids);
    page["meta"]["total"] = Value::Null;
    page
}

#[tokio::test]
async fn all_counts_where_the_server_does_not() {
    let server = Server::new(|asked| without_total(asked, &[1, 2, 3, 4, 5, 6]).into());
    let list = server.api().rewards().list().page_size(2).prefetch(0);
    assert_eq!(list.all(6).await.unwrap().len(), 6);
    let error = list.all(3).await.unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::ListTooLong {
            limit: 3,
            total: None
        }
    ));
    assert!(
        error
            .to_string()
            .contains("more records than the limit of 3")
    );

    let bare = Server::new(|_| json!([{"id": 1}, {"id": 2}]).into());
    assert!(bare.api().rewards().list().all(1).await.is_err());
}

#[tokio::test]
async fn all_is_not_a_part_of_a_list_that_lost_records_meanwhile() {
    let server =
        Server::new(|asked| page(asked, &[1, 2, 3, 4, 5, 6][asked.page() as usize..]).into());
    let error = server.api().rewards().list().page_size(2).all(9).await;
    assert!(matches!(
        error.unwrap_err().kind(),
        ErrorKind::ListChanged {
            before: 5,
            after: 4
        }
    ));
}

#[tokio::test]
async fn the_first_record_is_asked_for_alone() {
    let server = Server::of(9);
    let first = server.api().rewards().list().first().await.unwrap();
    assert_eq!(id(&first.unwrap()), 1);
    let asked = server.only();
    assert_eq!((asked.size(), asked.page()), (1, 1));
}

#[tokio::test]
async fn an_empty_list_has_no_first_record() {
    let server = Server::of(0);
    assert!(
        server
            .api()
            .rewards()
            .list()
            .first()
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_first_record_of_a_list_without_pages_is_that_of_the_list() {
    let server = Server::new(|_| json!({"data": [{"id": 4}, {"id": 5}]}).into());
    let first = server.api().profile("p-1").addresses().list().first().await;
    assert_eq!(first.unwrap().unwrap().id, Some(4.into()));
    assert!(server.only().query.is_empty());
}

#[tokio::test]
async fn a_count_is_the_total_of_a_page_of_one() {
    let server = Server::of(1_234);
    assert_eq!(server.api().rewards().list().count().await.unwrap(), 1_234);
    let asked = server.only();
    assert_eq!((asked.size(), asked.page()), (1, 1));
}

#[tokio::test]
async fn without_a_total_the_list_is_read_and_counted() {
    let server = Server::new(|asked| without_total(asked, &[0; 250]).into());
    assert_eq!(server.api().rewards().list().count().await.unwrap(), 250);
    let sizes = server.asked().iter().map(Asked::size).collect::<Vec<_>>();
    assert_eq!(sizes, [1, 100, 100, 100]);
}

#[tokio::test]
async fn a_page_of_one_that_tells_nothing_is_not_counted() {
    let server = Server::new(|asked| {
        let records = vec![json!({"id": 1}); asked.size().min(7)];
        json!({ "data": records }).into()
    });
    assert_eq!(server.api().rewards().list().count().await.unwrap(), 7);
}

#[tokio::test]
async fn a_list_without_pages_is_counted_with_one_request() {
    for body in [
        json!({"data": [{"id": 4}, {"id": 5}]}),
        json!({"data": [{"id": 4}], "meta": {"current_page": 1, "last_page": 2, "total": 2}}),
    ] {
        let server = Server::new(move |_| body.clone().into());
        let count = server.api().profile("p-1").addresses().list().count().await;
        assert_eq!(count.unwrap(), 2);
        // With the second body a second page may be ahead.
        assert_eq!(server.asked()[0].get("page[size]"), None);
    }
}
