//! A small curl.
fn main() -> httpx::Result<()> {
    let cli = httpx::Client::new();
    println!("{cli:?}");
    for url in std::env::args().skip(1) {
        let r = cli.get(&url).send()?;
        println!("{r:?} {:?} {} bytes {:?}", r.headers(), r.bytes().len(), r.elapsed());
        println!("{cli:?}");
    }
    Ok(())
}
