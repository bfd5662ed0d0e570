use std::io::Write;
fn main() {
    let loose = std::env::args().nth(2).is_some_and(|a| a == "loose");
    let path = std::env::args().nth(1).unwrap();
    let mut options = openapi_lowering::Options::default();
    if loose {
        options.envelopes = Some(openapi_lowering::Envelopes::from_crate("omneo-types"));
        let mut l = openapi_lowering::Loose::from_crate("omneo-types");
        l.always_present.extend(["id".to_owned(), "data".to_owned()]);
        options.loose = Some(l);
    }
    let t = std::time::Instant::now();
    let lowered = openapi_lowering::lower(&std::fs::read(&path).unwrap(), &options).unwrap();
    eprintln!("lower {:?} {} ops {} schemas", t.elapsed(), lowered.operations.len(), lowered.document["components"]["schemas"].as_object().unwrap().len());
    for s in lowered.report.steps() { eprintln!("{s}"); }
    let t = std::time::Instant::now();
    let doc: openapiv3::OpenAPI = serde_json::from_value(lowered.document.clone()).unwrap();
    eprintln!("parse {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let mut settings = progenitor::GenerationSettings::default();
    settings.with_crate("omneo-types", progenitor::CrateVers::Any, None).with_hooks(progenitor::HooksMode::Expected).with_inner_type("crate::runtime::Inner".parse().unwrap());
    let mut generator = progenitor::Generator::new(&settings);
    let tokens = generator.generate_tokens(&doc).unwrap();
    eprintln!("generate {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let text = tokens.to_string();
    eprintln!("print {:?} {} bytes", t.elapsed(), text.len());
    std::io::stdout().write_all(text.as_bytes()).unwrap();
}
