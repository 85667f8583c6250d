//! The icons: drawn for Hearth on Lucide's grid and in its manner (24 × 24, strokes of 2, round
//! ends). Lucide is under the ISC licence; where a drawing follows one of its, that licence holds.

use leptos::prelude::*;
use model::EndpointKind;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    Home,
    Rooms,
    Plus,
    Settings,
    Light,
    Plug,
    Power,
    Fan,
    Cover,
    Lock,
    Unlock,
    Thermostat,
    Sensor,
    Button,
    Sliders,
    Close,
    Alert,
    Offline,
    BatteryLow,
    More,
    Star,
    StarFilled,
    Up,
    Down,
    Back,
    Pencil,
    Trash,
    Search,
    Eye,
    EyeOff,
    Key,
    Shield,
    Repeat,
    Globe,
    Rules,
    Bell,
    Scene,
    People,
    Menu,
    Clock,
    Check,
    Play,
    Stop,
    Import,
    Chart,
    Question,
    Info,
    Copy,
    Undo,
    Redo,
}

impl Glyph {
    /// The icon of an endpoint.
    pub fn of(kind: EndpointKind) -> Self {
        match kind {
            EndpointKind::Light => Self::Light,
            EndpointKind::Plug => Self::Plug,
            EndpointKind::Switch => Self::Power,
            EndpointKind::Fan => Self::Fan,
            EndpointKind::Cover => Self::Cover,
            EndpointKind::Lock => Self::Lock,
            EndpointKind::Thermostat => Self::Thermostat,
            EndpointKind::Sensor => Self::Sensor,
            EndpointKind::Button => Self::Button,
            EndpointKind::Control => Self::Sliders,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Home => "M3 11 12 3.5 21 11M5.5 9v11h13V9M10 20v-6h4v6",
            Self::Rooms => "M4 4h16v16H4zM4 11h8M12 4v4M12 14v6M15.5 14H20",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Settings => {
                "M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM12 2.5v3M12 18.500v3M2.500 12h3M18.500 12h3M5.300 5.300l2.100 2.100M16.600 16.600l2.100 2.100M18.700 5.300l-2.100 2.100M7.400 16.600l-2.100 2.100"
            }
            Self::Light => {
                "M9 18h6M10 21.500h4M12 2.500a6.500 6.500 0 0 0-4 11.600c.7.600 1 1.200 1 1.900h6c0-.7.300-1.300 1-1.900a6.500 6.500 0 0 0-4-11.600z"
            }
            Self::Plug => "M8 2.500V8M16 2.500V8M6 8h12v3a6 6 0 0 1-12 0zM12 17v4.500",
            Self::Power => "M12 3v8M6.300 7a8 8 0 1 0 11.400 0",
            Self::Fan => {
                "M12 10.500a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3zM12 10.500C9 8 9.500 3 12.500 3S15 7 12 10.500M13.400 12.800c3.700-1.400 7.800 1.600 6.300 4.200s-5.200.300-6.300-4.200M10.600 12.800C10 16.700 5.300 18.700 3.800 16.100s2.300-4.300 6.800-3.300"
            }
            Self::Cover => "M3 4h18M5 4v16M19 4v16M5 8h14M5 12h14M5 16h14M12 16v4",
            Self::Lock => "M5 11h14v10H5zM8 11V7.500a4 4 0 0 1 8 0V11",
            Self::Unlock => "M5 11h14v10H5zM8 11V7.500a4 4 0 0 1 7.700-1.500",
            Self::Thermostat => "M14 14.500V5a2 2 0 1 0-4 0v9.500a4 4 0 1 0 4 0zM12 9v8",
            Self::Sensor => {
                "M12 10.500a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3zM8.200 15.800a5.400 5.400 0 0 1 0-7.600M15.800 8.200a5.400 5.400 0 0 1 0 7.600M5.300 18.700a9.500 9.500 0 0 1 0-13.400M18.700 5.300a9.500 9.500 0 0 1 0 13.400"
            }
            Self::Button => {
                "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z"
            }
            Self::Sliders => "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Alert => "M12 3.500 2.500 20h19zM12 10v4.500M12 17.200v.100",
            Self::Offline => {
                "M3 3l18 18M8.500 15.500a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4.500-2.600M19 12a10 10 0 0 0-5-2.700M2 8.500A15 15 0 0 1 6.500 5.600M22 8.500A15 15 0 0 0 11 5M12 19.200v.100"
            }
            Self::BatteryLow => "M3 8h15v8H3zM21.500 11v2M6.500 11v2",
            Self::More => "M5 11.900v.200M12 11.900v.200M19 11.900v.200",
            Self::Star | Self::StarFilled => {
                "M12 3.500l2.600 5.400 5.900.800-4.300 4.100 1 5.900-5.200-2.800-5.200 2.800 1-5.900-4.300-4.100 5.900-.800z"
            }
            Self::Up => "M6 15l6-6 6 6",
            Self::Down => "M6 9l6 6 6-6",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Pencil => "M4 20l1-4.500L16.500 4 20 7.500 8.500 19zM14 6.500 17.500 10",
            Self::Trash => {
                "M4 6.500h16M9 6.500V4h6v2.500M6.500 6.500l1 14h9l1-14M10 11v5.500M14 11v5.500"
            }
            Self::Search => "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5",
            Self::Eye => {
                "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z"
            }
            Self::EyeOff => {
                "M3 3l18 18M6.500 7A16 16 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4.500-1.200M10 5.700a9 9 0 0 1 2-.200c6 0 9.500 6.500 9.500 6.500a16 16 0 0 1-2.300 3"
            }
            Self::Key => {
                "M8 11.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM11.200 12.800 20.500 3.500M16.500 7.500l3 3"
            }
            Self::Shield => {
                "M12 3l8 3v6c0 4.500-3.300 7.700-8 9-4.700-1.300-8-4.500-8-9V6zM8.500 12l2.500 2.500 4.500-5"
            }
            Self::Repeat => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM10 8.500l2.500-1.500v10",
            Self::Rules => "M13 2.500 5 13.500h6l-1 8 8-11h-6z",
            Self::Bell => "M6 16.500V11a6 6 0 0 1 12 0v5.500l2 2H4zM10 21h4",
            Self::Scene => {
                "M12 3.500l9 5-9 5-9-5zM3.500 12.500l8.500 4.700 8.500-4.700M3.500 16.500l8.500 4.700 8.500-4.700"
            }
            Self::People => {
                "M9 4a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM2.500 20a6.500 6.500 0 0 1 13 0M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500a6.500 6.500 0 0 1 3.500 5.500"
            }
            Self::Menu => "M4 6h16M4 12h16M4 18h16",
            Self::Clock => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7.500V12l3 2",
            Self::Check => "M5 12.500l4.500 4.500L19 7.500",
            Self::Play => "M8 5v14l11-7z",
            Self::Stop => "M6.500 6.500h11v11h-11z",
            Self::Import => "M12 3.500v11M7.500 10l4.500 4.500L16.500 10M4 16.500v4h16v-4",
            Self::Question | Self::Info | Self::Copy | Self::Undo | Self::Redo => self.editing(),
            Self::Chart => "M4 4v16h16M8 15l3.500-4.500 3 2.500L19.500 7",
            Self::Globe => {
                "M3 3l18 18M12 3a9 9 0 0 1 7.800 13.500M17 19.500A9 9 0 0 1 5 6.300M3 12h8M15 12h6M9.700 6C10.300 4.200 11.100 3 12 3c1.700 0 3 3.600 3 8M12 21c-1.700 0-3-4-3-9"
            }
        }
    }

    /// What stands beside what is being written.
    fn editing(self) -> &'static str {
        match self {
            Self::Question => {
                "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.700.300-1 .800-1 1.700M12 16.700v.100"
            }
            Self::Info => "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v5.500M12 7.700v.100",
            Self::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Self::Undo => "M8 5 4 9l4 4M4 9h10a5.500 5.500 0 0 1 0 11H9",
            Self::Redo => "M16 5l4 4-4 4M20 9H10a5.500 5.500 0 0 0 0 11h5",
            _ => "",
        }
    }

    /// Those that point along the line of text turn round where that runs from right to left.
    fn turns(self) -> bool {
        matches!(self, Self::Back | Self::Undo | Self::Redo)
    }
}

/// An icon. It is decoration to a screen reader: what it stands for is always said in words too.
#[component]
pub fn Icon(
    /// What it shows.
    #[prop(into)]
    glyph: Signal<Glyph>,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            class:turns=move || glyph.get().turns()
            class:filled=move || glyph.get() == Glyph::StarFilled
            viewBox="0 0 24 24"
            aria-hidden="true"
            focusable="false"
        >
            <path d=move || glyph.get().path()></path>
        </svg>
    }
}
