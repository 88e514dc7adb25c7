//! Records and reads without data.

use super::*;

#[test]
fn too_many_records_without_data_end_the_connection() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let leaf = authority.leaf(HOST);
    for (tickets, accepted) in [(MAX_SILENT_RECORDS / 4, true), (4 * MAX_SILENT_RECORDS, false)] {
        let mut server_config = Arc::unwrap_or_clone(leaf.server(&[&TLS13]));
        server_config.send_tls13_tickets = tickets;
        // About one record for each ticket.
        server_config.max_fragment_size = Some(128);
        let server_config = Arc::new(server_config);
        for sizes in [&[1][..], &[1000], &[usize::MAX]] {
            let mut session = Session::new(&config, HOST).unwrap();
            let mut server = Server::new(&server_config);
            talk(&mut session, &mut server, sizes).unwrap();
            let raw = server.say(b"response");
            feed(&mut session, &raw, sizes);
            match session.read(&mut [0; 64]) {
                Ok(read) => assert!(accepted && read == Some(8), "{tickets} tickets: {read:?}"),
                Err(error) => {
                    assert!(!accepted, "{tickets} tickets: {error}");
                    assert!(error.to_string().contains("keeps sending records without data"), "{error}");
                }
            }
        }
    }
}

#[test]
fn reads_without_data_are_bounded() {
    for (mut session, mut server) in pairs() {
        // A long record that comes byte by byte.
        let mut raw = server.say(&[b'x'; 10_000]).into_iter();
        let mut reads = 0;
        let mut byte_by_byte = |buf: &mut [u8]| {
            reads += 1;
            buf[0] = raw.next().unwrap();
            Ok(1)
        };
        let error = session.read_now(&mut [0; 64], &mut byte_by_byte).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        assert_eq!(session.look_at(&mut byte_by_byte), Liveness::Dead);
        assert_eq!(reads, 2 * MAX_SILENT_READS);
    }
}

#[test]
fn tickets_and_key_updates_keep_it_alive() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let server_config = authority.leaf(HOST).server(&[&TLS13]);
    let mut session = Session::new(&config, HOST).unwrap();
    let mut server = Server::new(&server_config);
    while session.is_handshaking() {
        server.receive(&outgoing(&mut session)).unwrap();
        feed(&mut session, &server.outgoing(), &[usize::MAX]);
    }
    // The tickets follow the client's last message.
    server.receive(&outgoing(&mut session)).unwrap();
    let tickets = server.outgoing();
    assert!(tickets.len() > 100);
    feed(&mut session, &tickets, &[usize::MAX]);
    assert_eq!(session.look(), Liveness::Alive);
    server.0.refresh_traffic_keys().unwrap();
    feed(&mut session, &server.outgoing(), &[usize::MAX]);
    assert_eq!(session.look(), Liveness::Alive);
    // And it still works, in both directions.
    write(&mut session, &[IoSlice::new(b"request")]);
    assert_eq!(server.receive(&outgoing(&mut session)).unwrap(), b"request");
    feed(&mut session, &server.say(b"response"), &[usize::MAX]);
    assert_eq!(session.look(), Liveness::Dead);
    assert_eq!(read(&mut session), b"response");
    assert_eq!(session.look(), Liveness::Alive);
}
