//! After any operations, `Headers` hold the same lines as a plain list, and httparse reads back the lines they write.

#![no_main]

use httpx_core::Headers;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Set(Name<'a>, &'a [u8]),
    Append(Name<'a>, &'a [u8]),
    SetDefault(Name<'a>, &'a [u8]),
    Remove(Name<'a>),
    MarkSensitive(Name<'a>),
    RetainShorterThan(u8),
    Update(Vec<(Name<'a>, &'a [u8])>),
}

/// A few known names, so that names repeat, and any other name.
#[derive(Arbitrary, Debug, Clone, Copy)]
enum Name<'a> {
    Accept,
    AcceptInCapitals,
    Cookie,
    Other(&'a str),
}

fuzz_target!(|steps: Vec<Step>| {
    let (mut headers, mut model) = (Headers::new(), Model::default());
    for step in steps {
        apply(step, &mut headers, &mut model);
        compare(&headers, &model);
    }
    read_back(&headers, &model);
    assert_eq!(headers.clone(), headers);
});

fn apply(step: Step, headers: &mut Headers, model: &mut Model) {
    match step {
        Step::Set(name, value) => {
            assert_eq!(headers.set(name.as_str(), value).is_ok(), model.set(name, value).is_some());
        }
        Step::Append(name, value) => {
            assert_eq!(headers.append(name.as_str(), value).is_ok(), model.append(name, value).is_some());
        }
        Step::SetDefault(name, value) => {
            let known = model.0.iter().any(|line| line.is(name.as_str()));
            let fine = known || model.append(name, value).is_some();
            assert_eq!(headers.set_default(name.as_str(), value).is_ok(), fine);
        }
        Step::Remove(name) => {
            let before = model.0.len();
            model.0.retain(|line| !line.is(name.as_str()));
            assert_eq!(headers.remove(name.as_str()), before - model.0.len());
        }
        Step::MarkSensitive(name) => {
            let marked = model.0.iter_mut().filter(|line| line.is(name.as_str()));
            assert_eq!(
                headers.mark_sensitive(name.as_str()),
                marked.map(|line| line.sensitive = true).count()
            );
        }
        Step::RetainShorterThan(len) => {
            model.0.retain(|line| line.value.len() < usize::from(len));
            headers.retain(|_, value| value.as_bytes().len() < usize::from(len));
        }
        Step::Update(lines) => {
            let (mut other, mut other_model) = (Headers::new(), Model::default());
            for (name, value) in lines {
                let fine = other_model.append(name, value).is_some();
                assert_eq!(other.append(name.as_str(), value).is_ok(), fine);
            }
            headers.update(&other);
            model.update(&other_model);
        }
    }
}

fn compare(headers: &Headers, model: &Model) {
    let lines = headers.iter().map(|(name, value)| (name, value.as_bytes(), value.is_sensitive()));
    assert!(
        lines.eq(model.0.iter().map(|line| (&*line.name, &*line.value, line.sensitive))),
        "{headers:?}\n{model:?}"
    );
    assert_eq!(headers.len(), model.0.len());
    for line in &model.0 {
        let name = line.name.to_ascii_uppercase();
        let values = model.0.iter().filter(|other| other.is(&name)).map(|other| &*other.value);
        assert!(headers.get_all(&name).map(|value| value.as_bytes()).eq(values));
        assert!(headers.contains(&name) && headers.get(&name).is_some());
    }
}

fn read_back(headers: &Headers, model: &Model) {
    let mut wire = Vec::new();
    headers.write_to(&mut wire);
    wire.extend_from_slice(b"\r\n");
    let mut fields = vec![httparse::EMPTY_HEADER; model.0.len()];
    let Ok(httparse::Status::Complete((len, fields))) = httparse::parse_headers(&wire, &mut fields) else {
        panic!("httparse refuses {:?}", wire.escape_ascii().to_string());
    };
    assert_eq!(len, wire.len());
    assert!(
        fields.iter().map(|f| (f.name, f.value)).eq(model.0.iter().map(|line| (&*line.name, &*line.value)))
    );
}

/// The model: a plain list of lines.
#[derive(Debug, Default)]
struct Model(Vec<Line>);

#[derive(Debug, Clone)]
struct Line {
    name: String,
    value: Vec<u8>,
    sensitive: bool,
}

impl Model {
    fn set(&mut self, name: Name, value: &[u8]) -> Option<()> {
        let line = Line::new(name, value)?;
        self.update(&Model(vec![line]));
        Some(())
    }

    fn append(&mut self, name: Name, value: &[u8]) -> Option<()> {
        let mut line = Line::new(name, value)?;
        line.sensitive = self.is_sensitive(&line.name);
        self.0.push(line);
        Some(())
    }

    fn is_sensitive(&self, name: &str) -> bool {
        self.0.iter().any(|line| line.is(name) && line.sensitive)
    }

    /// The lines of `other` replace the first line of their name, or are added at the end. Those that replace a sensitive
    /// line are sensitive.
    fn update(&mut self, other: &Model) {
        for (at, new) in other.0.iter().enumerate() {
            if other.0.iter().take(at).any(|earlier| earlier.is(&new.name)) {
                continue;
            }
            let Some(place) = self.0.iter().position(|line| line.is(&new.name)) else { continue };
            let sensitive = self.is_sensitive(&new.name);
            self.0.retain(|line| !line.is(&new.name));
            let all = other.0.iter().filter(|line| line.is(&new.name)).cloned();
            let all = all.map(|line| Line { sensitive: line.sensitive || sensitive, ..line });
            self.0.splice(place..place, all.collect::<Vec<_>>());
        }
        let new = other.0.iter().filter(|new| !self.0.iter().any(|line| line.is(&new.name)));
        let new = new.cloned().collect::<Vec<_>>();
        self.0.extend(new);
    }
}

impl Line {
    fn new(name: Name, value: &[u8]) -> Option<Self> {
        let name = name.as_str();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return None;
        }
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        let from = value.iter().position(|byte| !blank(byte)).unwrap_or(value.len());
        let to = value.iter().rposition(|byte| !blank(byte)).map_or(from, |last| last + 1);
        let value = value[from..to].to_vec();
        if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            return None;
        }
        Some(Line { name: name.to_owned(), value, sensitive: false })
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl<'a> Name<'a> {
    fn as_str(self) -> &'a str {
        match self {
            Name::Accept => "Accept",
            Name::AcceptInCapitals => "ACCEPT",
            Name::Cookie => "Cookie",
            Name::Other(name) => name,
        }
    }
}
