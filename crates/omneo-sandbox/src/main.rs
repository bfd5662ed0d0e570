//! `omneo-sandbox`: an Omneo on this machine.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use omneo_sandbox::{Sandbox, Seed};

/// A stateful Omneo in one process.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    /// The port; 0 is a free one.
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// The address; others than loopback can be reached from the network.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The file that keeps the records, made if it isn't there. Without it they are gone when the sandbox stops.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// What a new sandbox starts with.
    #[arg(long, value_enum, default_value_t = From::Demo)]
    seed: From,
    /// The token that may do everything.
    #[arg(
        long,
        default_value = "sandbox-token",
        env = "OMNEO_SANDBOX_TOKEN",
        hide_env_values = true
    )]
    token: String,
    /// The secret that webhooks and tokens are signed with.
    #[arg(
        long,
        default_value = "sandbox-secret",
        env = "OMNEO_SANDBOX_SECRET",
        hide_env_values = true
    )]
    secret: String,
    /// Answers in one form, without the real server's habits.
    #[arg(long)]
    strict: bool,
    /// How many requests a token has in a minute.
    #[arg(long, value_name = "REQUESTS")]
    per_minute: Option<u64>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists what is modelled and what answers by its shape alone.
    Rules,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum From {
    Demo,
    Empty,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result = match options.command {
        Some(Command::Rules) => print(&omneo_sandbox::rules()),
        None => serve(options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints, to a reader who may have stopped reading.
fn print(text: &str) -> Result<(), Box<dyn std::error::Error>> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn serve(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let is_known = options.token == "sandbox-token";
    let mut builder = Sandbox::builder()
        .address((options.host, options.port).into())
        .token(options.token)
        .secret(options.secret)
        .seed(match options.seed {
            From::Demo => Seed::Demo,
            From::Empty => Seed::Empty,
        });
    if let Some(file) = options.data {
        builder = builder.data(file);
    }
    if options.strict {
        builder = builder.strict();
    }
    if let Some(requests) = options.per_minute {
        builder = builder.requests_per_minute(requests);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Before it says that it runs, so that nobody stops it too early to be heard.
        let stop = stop()?;
        let sandbox = builder.start().await?;
        print(&format!("base URL  {}\n", sandbox.url()))?;
        if is_known {
            print(&format!("token     {}\n", sandbox.token()))?;
        }
        stop.await;
        sandbox.stop().await;
        Ok(())
    })
}

/// Until the process is asked to end.
#[cfg(unix)]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Until the process is asked to end.
#[cfg(not(unix))]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
