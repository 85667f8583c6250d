//! Places in a rule: which steps a block has, and what comes of leaving it.

use model::rule::{Path, PathPart, RuleBody, Step};

/// The steps of a block; none when there is no such block.
pub(super) fn block<'a>(body: &'a RuleBody, path: &Path) -> &'a [Step] {
    let mut steps: &[Step] = &body.steps;
    let mut parts = path.0.iter();
    while let Some(part) = parts.next() {
        let PathPart::Step(at) = part else { return &[] };
        let Some(step) = steps.get(usize::from(*at)) else { return &[] };
        steps = match (step, parts.next()) {
            (Step::If { then, .. }, Some(PathPart::Then)) => then,
            (Step::If { otherwise, .. }, Some(PathPart::Otherwise)) => otherwise,
            (Step::Repeat { steps, .. }, Some(PathPart::Then)) => steps,
            _ => return &[],
        };
    }
    steps
}

/// The step at a place.
pub(super) fn step<'a>(body: &'a RuleBody, path: &Path) -> Option<&'a Step> {
    let (last, outer) = path.0.split_last()?;
    let PathPart::Step(at) = last else { return None };
    block(body, &Path(outer.to_vec())).get(usize::from(*at))
}

/// The place of the step that a block belongs to; `None` for the rule's own steps.
pub(super) fn owner(block: &Path) -> Option<Path> {
    block.0.split_last().map(|(_, outer)| Path(outer.to_vec()))
}

#[cfg(test)]
mod tests {
    use model::rule::Repetition;

    use super::*;

    fn body() -> RuleBody {
        let inner = Step::Repeat { repetition: Repetition::Times(2), steps: vec![Step::Stop] };
        let condition = model::rule::Condition::All(Vec::new());
        let branch = Step::If { condition, then: Vec::new(), otherwise: vec![inner] };
        RuleBody {
            name: model::Name::lossy("n").unwrap(),
            triggers: Vec::new(),
            conditions: Vec::new(),
            steps: vec![branch],
            mode: model::rule::RunMode::Single,
            missed: model::rule::Missed::Skip,
        }
    }

    #[test]
    fn a_place_leads_to_its_step() {
        let at = Path(vec![PathPart::Step(0), PathPart::Otherwise, PathPart::Step(0)]);
        assert!(matches!(step(&body(), &at), Some(Step::Repeat { .. })));
        let inner = at.then(PathPart::Then);
        assert_eq!(block(&body(), &inner), [Step::Stop]);
        assert_eq!(owner(&inner), Some(at));
    }

    #[test]
    fn a_place_that_is_not_there_leads_nowhere() {
        for path in [vec![PathPart::Then], vec![PathPart::Step(9), PathPart::Then], vec![]] {
            assert_eq!(step(&body(), &Path(path)), None);
        }
    }
}
