//! Shopify: an ID token for a customer of the shop.

use hmac::{Hmac, KeyInit, Mac};
use omneo_api::http::Method;
use omneo_api::runtime::BoxFuture;
use omneo_api::{Client, Error, Token};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;

use super::{Issued, TokenSource};
use crate::base_url::sibling;
use crate::retry::Repeat;

/// Exchanges a signed Shopify customer id for an ID token, at the [Shopify proxy].
///
/// The signature is made in the shop's Liquid, or here where the secret is at hand. The token is for the ID API:
///
/// ```no_run
/// # #[cfg(feature = "profiles")]
/// # async fn run(id: &str, signature: String) -> Result<(), omneo::Error> {
/// use omneo::auth::ShopifyLogin;
///
/// let omneo = omneo::Omneo::builder().tenant("acme").without_token().build()?;
/// let me = omneo.id(ShopifyLogin::new(id, signature));
/// println!("{:?}", me.get().await?.first_name);
/// # Ok(())
/// # }
/// ```
///
/// [Shopify proxy]: https://docs.omneo.io/dev-guides/extensions/shopify-proxy
#[derive(Clone, Debug)]
pub struct ShopifyLogin {
    id: String,
    signature: SecretString,
}

impl ShopifyLogin {
    /// A Shopify customer id and its signature: HMAC-SHA256 under the shop metafield `omneo.id_secret`, as lower-case
    /// hex.
    pub fn new(id: impl Into<String>, signature: impl Into<SecretString>) -> Self {
        Self {
            id: id.into(),
            signature: signature.into(),
        }
    }

    /// Signs a Shopify customer id with the secret of the shop metafield `omneo.id_secret`.
    ///
    /// For the shop's own server: the secret signs any customer, so it must never reach a browser or an app.
    pub fn signed(id: impl Into<String>, secret: &SecretString) -> Self {
        let id = id.into();
        let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
        // HMAC takes keys of any length, so this is no choice.
        let signature = mac.map_or_else(
            |_| String::new(),
            |mut mac| {
                mac.update(id.as_bytes());
                let bytes = mac.finalize().into_bytes();
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            },
        );
        Self::new(id, signature)
    }
}

#[derive(Deserialize)]
struct Answer {
    token: String,
}

impl TokenSource for ShopifyLogin {
    fn issue<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        Box::pin(async move {
            let answer = client
                .at(&sibling(client.base_url(), "/shopify/api/v1"))?
                .request(Method::POST, "/auth/token")
                // Only gets another token.
                .options(|options| options.extension(Repeat::Safe))
                .json(&json!({ "id": self.id, "signature": self.signature.expose_secret() }))
                .send::<Answer>()
                .await?;
            Ok(Issued::new(Token::new(&answer.token)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::ShopifyLogin;

    #[test]
    fn a_signature_is_lower_case_hex_of_the_id_under_the_secret() {
        // printf 7010205892808 | openssl dgst -sha256 -hmac shop-secret
        let expected = "192c4bacc1f3c9f1051a9570f99a6c3fec26e375d3d4c028fdd045723a6ce3c2";
        let login = ShopifyLogin::signed("7010205892808", &SecretString::from("shop-secret"));
        assert_eq!(login.signature.expose_secret(), expected);
        assert!(!format!("{login:?}").contains(expected));
    }
}
