//! A stub.
use httpx::ahttpx;
#[tokio::main(flavor = "current_thread")]
async fn main() -> httpx::Result<()> {
    let cli = ahttpx::Client::new();
    for url in std::env::args().skip(1) {
        let r = cli.get(&url).send().await?;
        println!("{r:?} {:?} {} bytes {:?} {cli:?}", r.headers(), r.bytes().len(), r.elapsed());
    }
    cli.close().await;
    println!("{cli:?}");
    Ok(())
}
