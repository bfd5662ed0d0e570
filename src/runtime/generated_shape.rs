//! A client as progenitor writes it, cut to one operation of each form, so that the shapes it relies on are checked
//! without a build script. What it calls is what the generated code calls, word for word.

// The next two items are how the root of the bindings and the generated file begin.
use crate::runtime as progenitor_client;

pub(super) use generated::Client;

#[allow(clippy::all, unused_imports, unreachable_pub, missing_docs, dead_code)]
mod generated {
    use super::progenitor_client;
    pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
    use progenitor_client::{ClientHooks, OperationInfo, RequestBuilderExt, encode_path};

    #[derive(Clone, Debug)]
    pub struct Client {
        pub(crate) baseurl: String,
        pub(crate) client: reqwest::Client,
        pub(crate) inner: crate::runtime::Inner,
    }

    impl Client {
        pub fn new_with_client(
            baseurl: &str,
            client: reqwest::Client,
            inner: crate::runtime::Inner,
        ) -> Self {
            Self {
                baseurl: baseurl.to_string(),
                client,
                inner,
            }
        }
    }

    impl ClientInfo<crate::runtime::Inner> for Client {
        fn api_version() -> &'static str {
            "0.0.1"
        }
        fn baseurl(&self) -> &str {
            self.baseurl.as_str()
        }
        fn client(&self) -> &reqwest::Client {
            &self.client
        }
        fn inner(&self) -> &crate::runtime::Inner {
            &self.inner
        }
    }

    const _: () = {
        #[allow(dead_code)]
        fn assert_client_hooks()
        where
            Client: ClientHooks<crate::runtime::Inner>,
        {
        }
    };

    macro_rules! operation {
        ($self:ident, $id:literal, $url:expr, $method:ident, [$($build:tt)*], $response:ident => $decode:expr) => {{
            let url = $url;
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map.append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
            #[allow(unused_mut)]
            let mut request = $self.client.$method(url)$($build)*.headers(header_map).build()?;
            let info = OperationInfo { operation_id: $id };
            $self.pre(&mut request, &info).await?;
            let result = $self.exec(request, &info).await;
            $self.post(&result, &info).await?;
            let $response = result?;
            match $response.status().as_u16() {
                200..=204 => $decode,
                _ => Err(Error::UnexpectedResponse($response)),
            }
        }};
    }

    impl Client {
        pub async fn rewards_show<'a>(
            &'a self,
            reward: &'a str,
        ) -> Result<ResponseValue<serde_json::Value>, Error<()>> {
            operation!(self, "rewards_show", format!("{}/v3/rewards/{}", self.baseurl, encode_path(&reward.to_string())), get,
                [], response => ResponseValue::from_response(response).await)
        }

        pub async fn attributes_update<'a>(
            &'a self,
            profile: &'a uuid_like::Id,
            attribute: &'a str,
            body: &'a serde_json::Value,
        ) -> Result<ResponseValue<Vec<u8>>, Error<()>> {
            operation!(self, "attributes_update",
                format!("{}/v3/profiles/{}/attributes/{}", self.baseurl, encode_path(&profile.to_string()), encode_path(&attribute.to_string())),
                put, [.json(&body)], response => ResponseValue::from_response(response).await)
        }

        pub async fn rewards_destroy<'a>(
            &'a self,
            reward: i64,
        ) -> Result<ResponseValue<()>, Error<()>> {
            operation!(self, "rewards_destroy", format!("{}/v3/rewards/{}", self.baseurl, encode_path(&reward.to_string())), delete,
                [], response => Ok(ResponseValue::empty(response)))
        }

        pub async fn exports_show<'a>(&'a self) -> Result<ResponseValue<ByteStream>, Error<()>> {
            operation!(self, "exports_show", format!("{}/v3/exports", self.baseurl), get,
                [], response => Ok(ResponseValue::stream(response)))
        }

        pub async fn imports_store<'a>(
            &'a self,
        ) -> Result<ResponseValue<serde_json::Value>, Error<()>> {
            operation!(self, "imports_store", format!("{}/v3/imports", self.baseurl), post,
                [], response => ResponseValue::from_response(response).await)
        }

        pub async fn auth_token<'a>(
            &'a self,
            body: &'a Vec<(String, String)>,
        ) -> Result<ResponseValue<serde_json::Value>, Error<()>> {
            operation!(self, "auth_token", format!("{}/v3/auth/token", self.baseurl), post,
                [.form_urlencoded(&body)?], response => ResponseValue::from_response(response).await)
        }

        pub async fn files_store<'a, B: Into<reqwest::Body>>(
            &'a self,
            x_name: &'a str,
            body: B,
        ) -> Result<ResponseValue<()>, Error<()>> {
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map.append("X-Name", x_name.to_string().try_into()?);
            operation!(self, "files_store", format!("{}/v3/files", self.baseurl), post,
                [.header(
                    ::reqwest::header::CONTENT_TYPE,
                    ::reqwest::header::HeaderValue::from_static("application/octet-stream"),
                ).headers(header_map).body(body)], response => Ok(ResponseValue::empty(response)))
        }
    }

    pub mod uuid_like {
        /// Any type of a path parameter: generated code only asks for `Display`.
        pub type Id = u128;
    }
}

// What the root package writes by hand.
impl crate::runtime::ClientHooks for Client {}
