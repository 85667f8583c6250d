//! The few templates that say no more than a condition can: `is_state(…)`, `states(…)` compared with
//! a text or number, what set the automation off, the day of the week, and `and`, `or`, `not` of
//! these. Whatever else they hold, they are programs and are not carried over.

use api::LostWhy;
use model::Span;
use model::rule::{Condition, Days, LocalTime, Trigger, Weekday, Weekdays};

use super::condition::{always, never, simple, weekday};
use super::fired::Fired;
use super::reader::{Reader, is_template};
use super::state::Bounds;
use super::token::{NotSimple, Parsed, Token, tokens_of};
use crate::yaml::Node;

/// Deepest nesting of an expression.
const DEEPEST: usize = 32;

/// Something that is compared.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    /// The state of an entity, as text or number.
    State(String),
    /// A text that is known.
    Known(String),
    Number(f64),
    List(Vec<String>),
    /// The day of the week, as a word or as a number from 0 (Monday) or 1.
    Day(u8),
    /// The hour of the day.
    Hour,
    /// What was there before: always something that was known.
    Before,
    Nothing,
}

/// How two things are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Is,
    Above,
    AtLeast,
    Below,
    AtMost,
    In,
}

impl Reader<'_> {
    /// A template as a condition.
    pub(crate) fn template_condition(&mut self, text: &str) -> Option<Condition> {
        let condition = tokens_of(text).ok().and_then(|tokens| {
            let mut parser = Parser { tokens, at: 0, depth: 0, reader: self };
            parser.whole().ok()
        });
        if condition.is_none() {
            self.look_at_all(text);
        }
        condition.map(simple).or_else(|| self.nothing(LostWhy::Template, text))
    }

    /// Looks at everything that a template names, so that all that is missing is told at once.
    fn look_at_all(&mut self, text: &str) {
        let tokens = tokens_of(text).unwrap_or_default();
        for three in tokens.windows(3) {
            if let [Token::Name(name), Token::Sign("("), Token::Text(entity)] = three
                && matches!(name.as_str(), "is_state" | "states")
                && entity != "sun.sun"
            {
                self.meaning(entity);
            }
        }
    }

    /// A template as a trigger: it can be one state of one entity, which it comes to.
    pub(crate) fn template_trigger(&mut self, node: &Node) -> Option<Vec<Trigger>> {
        let text = node.text_of("value_template").unwrap_or_default().to_owned();
        let held_for = self.held_for(node)?;
        match self.template_condition(&text)? {
            Condition::State { of, is, .. } => {
                let (what, to) = (is.capability(), Some(is));
                Some(vec![Trigger::Changes { of, what, from: None, to, held_for }])
            }
            Condition::Variable { variable, is } if held_for.is_zero() => {
                Some(vec![Trigger::Variable { variable, becomes: is }])
            }
            _ => self.nothing(LostWhy::Template, &text),
        }
    }

    /// A text that may be a template which stands for something known: the item of a list, the
    /// entity that set the automation off.
    pub(crate) fn known_text(&self, text: &str) -> Option<String> {
        if !is_template(text) {
            return Some(text.to_owned());
        }
        let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
        let fired = self.fired.as_ref();
        match inner {
            "repeat.item" => self.item.clone(),
            "trigger.entity_id" | "trigger.to_state.entity_id" => fired?.entity.clone(),
            "trigger.to_state.state" => fired?.to.clone(),
            "trigger.id" => Some(fired?.id.clone()),
            _ => None,
        }
    }
}

/// Reads an expression.
struct Parser<'a, 'b> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    reader: &'a mut Reader<'b>,
}

impl Parser<'_, '_> {
    fn whole(&mut self) -> Parsed<Condition> {
        let condition = self.either()?;
        if self.at == self.tokens.len() { Ok(condition) } else { Err(NotSimple) }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes_name(&mut self, name: &str) -> bool {
        let is_it = matches!(self.peek(), Some(Token::Name(it)) if it == name);
        self.at += usize::from(is_it);
        is_it
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_it = matches!(self.peek(), Some(Token::Sign(it)) if *it == sign);
        self.at += usize::from(is_it);
        is_it
    }

    fn wants(&mut self, sign: &str) -> Parsed<()> {
        if self.takes(sign) { Ok(()) } else { Err(NotSimple) }
    }

    fn either(&mut self) -> Parsed<Condition> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(NotSimple);
        }
        let mut parts = vec![self.both()?];
        while self.takes_name("or") {
            parts.push(self.both()?);
        }
        self.depth -= 1;
        Ok(Condition::Any(parts))
    }

    fn both(&mut self) -> Parsed<Condition> {
        let mut parts = vec![self.negated()?];
        while self.takes_name("and") {
            parts.push(self.negated()?);
        }
        Ok(Condition::All(parts))
    }

    fn negated(&mut self) -> Parsed<Condition> {
        let mut denied = false;
        while self.takes_name("not") {
            denied = !denied;
        }
        let condition = self.atom()?;
        Ok(if denied { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn atom(&mut self) -> Parsed<Condition> {
        if self.is_group() {
            self.wants("(")?;
            let inner = self.either()?;
            self.wants(")")?;
            self.filters()?;
            return Ok(inner);
        }
        if self.takes_name("true") || self.takes_name("True") {
            return Ok(always());
        }
        if self.takes_name("false") || self.takes_name("False") {
            return Ok(never());
        }
        if self.takes_name("is_state") {
            return self.is_state();
        }
        let left = self.operand()?;
        let (relation, denied) = self.relation()?;
        let right = self.operand()?;
        let condition = self.compare(left, relation, right)?;
        Ok(if denied { Condition::Not(Box::new(condition)) } else { condition })
    }

    /// Whether the bracket that follows holds conditions, not something that is compared.
    fn is_group(&self) -> bool {
        matches!(self.peek(), Some(Token::Sign("(")))
    }

    fn is_state(&mut self) -> Parsed<Condition> {
        self.wants("(")?;
        let entity = self.text()?;
        self.wants(",")?;
        let wanted = match self.operand()? {
            Operand::Known(state) => vec![state],
            Operand::List(states) => states,
            _ => return Err(NotSimple),
        };
        self.wants(")")?;
        self.any_state(&entity, &wanted)
    }

    fn any_state(&mut self, entity: &str, states: &[String]) -> Parsed<Condition> {
        let entity = entity.to_ascii_lowercase();
        let read = states.iter().map(|it| self.reader.is_state(&entity, it, Span::ZERO));
        read.collect::<Option<_>>().map(Condition::Any).ok_or(NotSimple)
    }

    fn text(&mut self) -> Parsed<String> {
        match self.next() {
            Some(Token::Text(text)) => Ok(text),
            _ => Err(NotSimple),
        }
    }

    fn relation(&mut self) -> Parsed<(Relation, bool)> {
        if self.takes_name("is") {
            return Ok((Relation::Is, self.takes_name("not")));
        }
        let denied = self.takes_name("not");
        if self.takes_name("in") {
            return Ok((Relation::In, denied));
        }
        match self.next() {
            Some(Token::Sign("==")) if !denied => Ok((Relation::Is, false)),
            Some(Token::Sign("!=")) if !denied => Ok((Relation::Is, true)),
            Some(Token::Sign(">")) if !denied => Ok((Relation::Above, false)),
            Some(Token::Sign(">=")) if !denied => Ok((Relation::AtLeast, false)),
            Some(Token::Sign("<")) if !denied => Ok((Relation::Below, false)),
            Some(Token::Sign("<=")) if !denied => Ok((Relation::AtMost, false)),
            _ => Err(NotSimple),
        }
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let operand = match self.next().ok_or(NotSimple)? {
            Token::Text(text) => Operand::Known(text),
            Token::Number(number) => Operand::Number(number),
            Token::Sign("-") => match self.next() {
                Some(Token::Number(number)) => Operand::Number(-number),
                _ => return Err(NotSimple),
            },
            Token::Sign("[") => self.list("]")?,
            Token::Sign(_) => return Err(NotSimple),
            Token::Name(name) => self.named(&name)?,
        };
        self.filters()?;
        Ok(operand)
    }

    fn list(&mut self, end: &str) -> Parsed<Operand> {
        let mut items = Vec::new();
        while !self.takes(end) {
            match self.next() {
                Some(Token::Text(text)) => items.push(text),
                Some(Token::Number(number)) => items.push(number.to_string()),
                _ => return Err(NotSimple),
            }
            self.takes(",");
        }
        Ok(Operand::List(items))
    }

    fn named(&mut self, name: &str) -> Parsed<Operand> {
        let fired = self.reader.fired.clone();
        let known = |text: fn(Fired) -> Option<String>| {
            fired.and_then(text).map(Operand::Known).ok_or(NotSimple)
        };
        match name {
            "none" | "None" => Ok(Operand::Nothing),
            "states" => {
                self.wants("(")?;
                let entity = self.text()?;
                self.wants(")")?;
                Ok(Operand::State(entity))
            }
            "trigger.id" => known(|it| Some(it.id)),
            "trigger.entity_id" | "trigger.to_state.entity_id" => known(|it| it.entity),
            "trigger.to_state.state" => known(|it| it.to),
            "trigger.from_state" | "trigger.from_state.state" | "trigger.to_state" => {
                Ok(Operand::Before)
            }
            "repeat.item" => self.reader.item.clone().map(Operand::Known).ok_or(NotSimple),
            "now" => self.now(),
            _ => name
                .strip_prefix("states.")
                .and_then(|it| it.strip_suffix(".state"))
                .map(|it| Operand::State(it.to_owned()))
                .ok_or(NotSimple),
        }
    }

    /// `now().weekday()`, `now().isoweekday()`, `now().hour`, `now().strftime('%a')`.
    fn now(&mut self) -> Parsed<Operand> {
        self.wants("(")?;
        self.wants(")")?;
        match self.next() {
            Some(Token::Name(name)) if name == ".hour" => Ok(Operand::Hour),
            Some(Token::Name(name)) if name == ".weekday" || name == ".isoweekday" => {
                self.wants("(")?;
                self.wants(")")?;
                Ok(Operand::Day(u8::from(name == ".isoweekday")))
            }
            Some(Token::Name(name)) if name == ".strftime" => {
                self.wants("(")?;
                let format = self.text()?;
                self.wants(")")?;
                match format.as_str() {
                    "%a" | "%A" => Ok(Operand::Day(0)),
                    "%u" => Ok(Operand::Day(1)),
                    _ => Err(NotSimple),
                }
            }
            _ => Err(NotSimple),
        }
    }

    /// Filters that change nothing that matters here.
    fn filters(&mut self) -> Parsed<()> {
        while self.takes("|") {
            match self.next() {
                Some(Token::Name(name))
                    if matches!(
                        name.as_str(),
                        "float" | "int" | "string" | "trim" | "lower" | "default" | "bool"
                    ) =>
                {
                    if self.takes("(") {
                        while !self.takes(")") {
                            self.next().ok_or(NotSimple)?;
                        }
                    }
                }
                _ => return Err(NotSimple),
            }
        }
        Ok(())
    }

    fn compare(&mut self, left: Operand, how: Relation, right: Operand) -> Parsed<Condition> {
        match (left, how, right) {
            (Operand::State(entity), Relation::Is, Operand::Known(state)) => {
                self.any_state(&entity, &[state])
            }
            (Operand::State(entity), Relation::In, Operand::List(states)) => {
                self.any_state(&entity, &states)
            }
            (Operand::State(entity), how, Operand::Number(bound)) => {
                self.within(&entity, how, bound)
            }
            (Operand::Known(left), Relation::Is, Operand::Known(right)) => {
                Ok(if left == right { always() } else { never() })
            }
            (Operand::Known(left), Relation::In, Operand::List(right)) => {
                Ok(if right.contains(&left) { always() } else { never() })
            }
            // What a rule of Hearth was set off by was always known before.
            (Operand::Before, Relation::Is, Operand::Nothing) => Ok(never()),
            // It was something else before, or nothing would have changed.
            (Operand::Before, Relation::In, Operand::List(states)) => {
                let now = self.reader.fired.as_ref().and_then(|it| it.to.as_deref());
                let cannot_be = |it: &String| Some(it.as_str()) == now || is_unknown(it);
                if states.iter().all(cannot_be) { Ok(never()) } else { Err(NotSimple) }
            }
            (Operand::Before, Relation::Is, Operand::Known(state)) if is_unknown(&state) => {
                Ok(never())
            }
            (Operand::Day(first), Relation::Is, Operand::Known(day)) => days(first, &[day]),
            (Operand::Day(first), Relation::Is, Operand::Number(day)) => {
                days(first, &[day.to_string()])
            }
            (Operand::Day(first), Relation::In, Operand::List(listed)) => days(first, &listed),
            (Operand::Day(0), Relation::Below, Operand::Number(5.0)) => Ok(on(Weekdays::WORKING)),
            (Operand::Hour, how, Operand::Number(hour)) => hours(how, hour),
            _ => Err(NotSimple),
        }
    }

    fn within(&mut self, entity: &str, how: Relation, bound: f64) -> Parsed<Condition> {
        let (above, below, denied) = match how {
            Relation::Above => (Some(bound), None, false),
            Relation::Below => (None, Some(bound), false),
            Relation::AtLeast => (None, Some(bound), true),
            Relation::AtMost => (Some(bound), None, true),
            Relation::Is | Relation::In => return Err(NotSimple),
        };
        let bounds = Bounds { above, below };
        let entity = entity.to_ascii_lowercase();
        let asked = self.reader.is_within(&entity, None, bounds, Span::ZERO).ok_or(NotSimple)?;
        Ok(if denied { Condition::Not(Box::new(asked)) } else { asked })
    }
}

fn is_unknown(state: &str) -> bool {
    matches!(state, "unknown" | "unavailable" | "none" | "None" | "")
}

fn on(weekdays: Weekdays) -> Condition {
    let on = Days { weekdays, ..Days::default() };
    Condition::Time { after: None, before: None, on }
}

/// Days by their English names, or by numbers from `first` (Monday).
fn days(first: u8, listed: &[String]) -> Parsed<Condition> {
    let numbered = |text: &str| {
        let number: usize = text.parse().ok()?;
        Weekday::ALL.get(number.checked_sub(usize::from(first))?).copied()
    };
    let days: Option<Vec<Weekday>> =
        listed.iter().map(|text| weekday(text).or_else(|| numbered(text))).collect();
    days.map(|it| on(it.into())).ok_or(NotSimple)
}

fn hours(how: Relation, hour: f64) -> Parsed<Condition> {
    let at = |hour: f64| LocalTime::new(hour as u32, 0).ok_or(NotSimple);
    let window = |after, before| Condition::Time { after, before, on: Days::default() };
    match how {
        Relation::AtLeast => Ok(window(Some(at(hour)?), None)),
        Relation::Above => Ok(window(Some(at(hour + 1.0)?), None)),
        Relation::Below => Ok(window(None, Some(at(hour)?))),
        Relation::AtMost => Ok(window(None, Some(at(hour + 1.0)?))),
        Relation::Is => Ok(window(Some(at(hour)?), Some(at((hour + 1.0) % 24.0)?))),
        Relation::In => Err(NotSimple),
    }
}
