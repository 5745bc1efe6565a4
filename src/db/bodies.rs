//! Bodies of functions, as the server looks at them when it is asked to.

use tokio_postgres::Client;

use super::{Error, server_words};
use crate::kind::Id;
use crate::kind::function::Function;
use crate::sql;
use crate::sql::Sql;

/// What the server says of those of these functions whose bodies it would refuse; all of them are there.
///
/// Plans are run with `check_function_bodies` off, since a body may name what is made later. PL/pgSQL is checked for its
/// syntax, SQL for the names in it as well: names without a schema are looked for beside the function, and in `public`.
///
/// # Errors
/// If the connection is gone.
pub async fn refused(client: &Client, functions: &[(&Id, &Function)]) -> Result<Vec<(Id, String)>, Error> {
    const BEGIN: &str = "BEGIN; SET LOCAL check_function_bodies = on; SET LOCAL client_min_messages = error;";
    let again = |(id, function): &(&Id, &Function)| -> Sql {
        sql!("SET LOCAL search_path = {}, public; {};\n", id.part(0), function.definition)
    };
    let all: String = functions.iter().map(|function| again(function).0).collect();
    let is_fine = client.batch_execute(&format!("{BEGIN} {all}")).await.is_ok();
    client.batch_execute("ROLLBACK").await?;
    let mut refused = Vec::new();
    for function in functions.iter().filter(|_| !is_fine) {
        let error = client.batch_execute(&format!("{BEGIN} {}", again(function))).await.err();
        client.batch_execute("ROLLBACK").await?;
        refused.extend(error.map(|error| (function.0.clone(), server_words(&error))));
    }
    Ok(refused)
}
