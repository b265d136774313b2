//! The figures as a picture: for each class, where libstrided, NumPy and the best of the others stand between nothing and
//! the limit. A dot is a case, a bar the geometric mean of the class; the axis is logarithmic.

use super::What;
use super::result::{Figures, OURS, Outcome, geomean};
use super::summary::Group;

const LEFT: f64 = 190.0;
const RIGHT: f64 = 900.0;
const TOP: f64 = 96.0;
const LANE: f64 = 13.0;
const GAP: f64 = 15.0;
/// The shares at both ends of the axis.
const FROM: f64 = 0.003;
const TO: f64 = 2.0;
const TICKS: [f64; 9] = [0.003, 0.01, 0.03, 0.1, 0.2, 0.5, 0.85, 1.0, 2.0];

struct Lane {
    name: &'static str,
    colour: &'static str,
    share: fn(&Outcome) -> Option<f64>,
}

/// From the top of a class to its bottom.
const LANES: [Lane; 3] = [
    Lane { name: OURS, colour: "#0b6e4f", share: |o| o.share(OURS) },
    Lane { name: "NumPy", colour: "#c2410c", share: |o| o.share("NumPy") },
    Lane {
        name: "best of the others",
        colour: "#6b7280",
        share: |o| {
            let others = o.times.iter().filter(|(name, _)| name != OURS && name != "NumPy");
            others.filter_map(|(name, _)| o.share(name)).max_by(f64::total_cmp)
        },
    },
];

pub(super) fn draw(what: What, figures: &Figures) -> String {
    let groups: Vec<Group> = Group::all(figures).into_iter().filter(|g| g.size != "calls").collect();
    let row = LANE * LANES.len() as f64 + GAP;
    let bottom = TOP + row * groups.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 940 {:.0}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        bottom + 60.0
    );
    let title = match what {
        What::Copy => "Strided copies: share of the fastest plain copy of as many bytes",
        What::Compute => "Computing on views: share of the fastest plain loop over as many bytes",
    };
    text(&mut svg, 20.0, 28.0, "font-size=\"17\" font-weight=\"bold\"", title);
    text(&mut svg, 20.0, 48.0, "fill=\"#444\"", &format!("one thread, one run; {}", figures.machine));
    legend(&mut svg);
    for tick in TICKS {
        let x = across(tick);
        let (colour, width) = if tick == 1.0 { ("#111", 1.5) } else { ("#ddd", 1.0) };
        svg.push_str(&format!(
            "<line x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>\n"
        ));
        text(&mut svg, x, bottom + 18.0, "text-anchor=\"middle\" fill=\"#444\"", &format!("{tick}"));
    }
    text(
        &mut svg,
        (LEFT + RIGHT) / 2.0,
        bottom + 40.0,
        "text-anchor=\"middle\" fill=\"#444\"",
        "share of the limit (1: as fast as memory or cache allow)",
    );
    for (i, group) in groups.iter().enumerate() {
        draw_group(&mut svg, group, TOP + row * i as f64);
    }
    svg.push_str("</svg>\n");
    svg
}

fn legend(svg: &mut String) {
    let mut x = 20.0;
    for lane in &LANES {
        svg.push_str(&format!(
            "<circle cx=\"{x:.0}\" cy=\"68\" r=\"4\" fill=\"{c}\" fill-opacity=\"0.45\"/>\
             <rect x=\"{:.0}\" y=\"61\" width=\"4\" height=\"14\" fill=\"{c}\"/>\n",
            x + 9.0,
            c = lane.colour
        ));
        text(svg, x + 19.0, 72.0, "", lane.name);
        x += 40.0 + 7.5 * lane.name.len() as f64;
    }
    text(svg, x, 72.0, "fill=\"#444\"", "dot: one case; bar: geometric mean");
}

fn draw_group(svg: &mut String, group: &Group, y: f64) {
    let height = LANE * LANES.len() as f64;
    svg.push_str(&format!(
        "<rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"#000\" fill-opacity=\"0.03\"/>\n",
        RIGHT - LEFT
    ));
    let label = format!("{}, {} ({})", group.class, group.size, group.outcomes.len());
    text(svg, LEFT - 10.0, y + height / 2.0 + 4.0, "text-anchor=\"end\"", &label);
    for (i, lane) in LANES.iter().enumerate() {
        let y = y + LANE * (i as f64 + 0.5);
        let shares: Vec<f64> = group.outcomes.iter().filter_map(|o| (lane.share)(o)).collect();
        for share in &shares {
            svg.push_str(&format!(
                "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{}\" fill-opacity=\"0.35\"/>\n",
                across(*share),
                lane.colour
            ));
        }
        if let Some(mean) = geomean(&shares) {
            svg.push_str(&format!(
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"4\" height=\"{:.1}\" fill=\"{}\"/>\n",
                across(mean) - 2.0,
                y - LANE / 2.0 + 0.5,
                LANE - 1.0,
                lane.colour
            ));
        }
    }
}

/// Where a share lies on the axis.
fn across(share: f64) -> f64 {
    let along = (share.clamp(FROM, TO) / FROM).ln() / (TO / FROM).ln();
    LEFT + along * (RIGHT - LEFT)
}

fn text(svg: &mut String, x: f64, y: f64, style: &str, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    svg.push_str(&format!("<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{text}</text>\n"));
}
