//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use kouan_render::{FORMATS, Format};
use kouan_schema::FileLayout;

use crate::exit::Exit;

/// SQL for border ports: at a prompt, from the command line, or from saved query files.
///
/// Without a command and with a terminal, opens the prompt. Text on standard input is run
/// as a script. Exit codes: 0 success, 1 a statement failed, 2 wrong usage or unreadable
/// input, 3 a check failed, 4 time limit exceeded, 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "kouan", version, args_conflicts_with_subcommands = false)]
struct CommandLine {
    /// Run these statements (repeatable, in order with -f)
    #[arg(short, long, value_name = "SQL")]
    command: Vec<String>,

    /// Run this file of statements; - is standard input (repeatable, in order with -c)
    #[arg(short, long, value_name = "FILE")]
    file: Vec<PathBuf>,

    #[command(flatten)]
    options: Options,

    #[command(subcommand)]
    subcommand: Option<Task>,
}

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// Folder of the data package to open [default: the current folder's, else the built-in one]. Repeatable; table
    /// names without a schema refer to the first
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) package: Vec<PathBuf>,

    /// Folder of saved queries, searched first (repeatable)
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) queries: Vec<PathBuf>,

    #[arg(long, value_name = "FORMAT", global = true, value_parser = parse_format, help = formats_help())]
    pub(crate) format: Option<&'static Format>,

    /// Write answers to this file instead of standard output
    #[arg(short, long, value_name = "FILE", global = true)]
    pub(crate) output: Option<PathBuf>,

    /// Continue after a statement fails; the exit code is that of the first failure
    #[arg(long, global = true)]
    pub(crate) keep_going: bool,

    /// Stop a statement that takes longer: 500ms, 30s, 5m, 1h
    #[arg(long, value_name = "TIME", global = true, value_parser = parse_time)]
    pub(crate) timeout: Option<Duration>,

    /// Memory limit of statements, beyond which they use temporary files: 200MB, 4GB
    #[arg(long, value_name = "SIZE", global = true, value_parser = parse_size)]
    pub(crate) memory: Option<usize>,
}

impl Options {
    /// Adds options that stand later, which replace earlier ones unless they are repeatable.
    pub(crate) fn add(&mut self, later: Self) {
        let Self {
            package,
            queries,
            format,
            output,
            keep_going,
            timeout,
            memory,
        } = later;
        self.package.extend(package);
        self.queries.extend(queries);
        self.format = format.or(self.format);
        self.output = output.or_else(|| self.output.take());
        self.keep_going |= keep_going;
        self.timeout = timeout.or(self.timeout);
        self.memory = memory.or(self.memory);
    }
}

/// What to do, when not a script or the prompt.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Task {
    /// Run a saved query: kouan run NAME name=value… (or --name value); --help explains NAME
    #[command(disable_help_flag = true)]
    Run {
        /// The query's name and its values
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "NAME"
        )]
        words: Vec<String>,
    },
    /// List the saved queries
    Queries,
    /// Plan saved queries without reading data: their statements, parameters and examples
    Check {
        /// Folder of queries [default: all that are found]
        folder: Option<PathBuf>,
    },
    /// Run saved queries and their examples, and compare the answers with the expected ones
    Test {
        /// Folder of queries [default: all that are found]
        folder: Option<PathBuf>,
        /// Accept the current answers as the expected ones; review them first
        #[arg(long)]
        bless: bool,
        /// Write the results to this file as JUnit XML
        #[arg(long, value_name = "FILE")]
        junit: Option<PathBuf>,
    },
    /// Insert the answers of saved queries into Markdown pages, between <!-- kouan run NAME --> and <!-- end -->
    Fill {
        /// Pages to fill
        #[arg(required = true)]
        pages: Vec<PathBuf>,
        /// Write nothing; exit with 3 if a page is out of date
        #[arg(long)]
        check: bool,
    },
    /// Check the data of the package against its schemas
    Validate {
        /// Tables to check [default: all]
        tables: Vec<String>,
    },
    /// Check tables and write them as Parquet
    Convert {
        /// Tables to convert [default: all]
        tables: Vec<String>,
        /// Folder to write to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// What to do with a table that has problems: write nothing, or write its good rows and set the others aside
        #[arg(long, value_enum, default_value_t = OnError::Stop)]
        on_error: OnError,
        /// compact: smaller files; fast: faster queries [default: as the table's schema says, else compact]
        #[arg(long, value_parser = layouts())]
        layout: Option<FileLayout>,
        /// Write each table as a folder of files, partitioned by these fields: FIELD=VALUE/part-0.parquet
        #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
        partition_by: Vec<String>,
    },
    /// Write a data package for CSV files, as a draft to edit: types, keys, ranges, missing values
    Describe {
        /// Files of one package, compressed or not; -o FOLDER/datapackage.json sets where it is written
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Create a package with an example table, its schema and a query
    Init {
        /// Folder of the new package
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Write the reference pages of `docs/` from the lists in the program
    #[command(hide = true)]
    Docs {
        /// Folder to write to
        folder: PathBuf,
    },
}

/// What to do with a table that has problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OnError {
    /// Write nothing
    Stop,
    /// Write the good rows, and the others to TABLE.rejects.csv with their problems in TABLE.rejects.parquet
    Reject,
}

/// A script given on the command line.
#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// The text of `-c`.
    Text(String),
    /// The file of `-f`.
    File(PathBuf),
}

/// What the person asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// The scripts of `-c` and `-f`, in the order given.
    pub(crate) scripts: Vec<Script>,
    pub(crate) options: Options,
    pub(crate) task: Option<Task>,
    /// The word that chose the task; empty without one.
    pub(crate) task_name: String,
}

impl Arguments {
    /// Reads the command line; help, version and mistakes are said here.
    pub(crate) fn parse() -> Result<Self, Exit> {
        let said = |error: &clap::Error| {
            let failed = error.print().is_err() || error.use_stderr();
            if failed { Exit::Usage } else { Exit::Done }
        };
        let matches = CommandLine::command()
            .try_get_matches()
            .map_err(|error| said(&error))?;
        let line = CommandLine::from_arg_matches(&matches).map_err(|error| said(&error))?;
        Ok(Self {
            scripts: in_order(&line, &matches),
            options: line.options,
            task: line.subcommand,
            task_name: matches.subcommand_name().unwrap_or_default().to_string(),
        })
    }
}

/// `-c` and `-f` as they stood, which clap keeps apart.
fn in_order(line: &CommandLine, matches: &ArgMatches) -> Vec<Script> {
    let places = |id: &str| {
        let given = matches.value_source(id) == Some(ValueSource::CommandLine);
        matches
            .indices_of(id)
            .filter(|_| given)
            .into_iter()
            .flatten()
    };
    let texts = line.command.iter().cloned().map(Script::Text);
    let files = line.file.iter().cloned().map(Script::File);
    let mut scripts: Vec<_> = places("command")
        .zip(texts)
        .chain(places("file").zip(files))
        .collect();
    scripts.sort_by_key(|(place, _)| *place);
    scripts.into_iter().map(|(_, script)| script).collect()
}

/// A number and the unit after it.
fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(unit.unwrap_or(text.len()));
    Some((number.parse().ok()?, unit.trim()))
}

/// A length of time.
pub(crate) fn parse_time(text: &str) -> Result<Duration, String> {
    let seconds = number_and_unit(text).and_then(|(number, unit)| {
        let seconds = match unit {
            "ms" => 1e-3,
            "s" | "" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3_600.0,
            _ => return None,
        };
        Some(number * seconds)
    });
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "a time is a number and ms, s, m or h, such as 30s".to_string())
}

/// A number of bytes.
pub(crate) fn parse_size(text: &str) -> Result<usize, String> {
    let bytes = number_and_unit(text).and_then(|(number, unit)| {
        let bytes = match unit.to_ascii_uppercase().as_str() {
            "KB" | "K" => 1e3,
            "MB" | "M" => 1e6,
            "GB" | "G" => 1e9,
            "KIB" => 1_024.0,
            "MIB" => 1_048_576.0,
            "GIB" => 1_073_741_824.0,
            _ => return None,
        };
        Some(number * bytes)
    });
    bytes
        .filter(|bytes| *bytes >= 1.0)
        .map(|bytes| bytes as usize)
        .ok_or_else(|| "a size is a number and kB, MB or GB, such as 200MB".to_string())
}

/// Layouts of Parquet files by their names.
fn layouts() -> impl TypedValueParser<Value = FileLayout> {
    PossibleValuesParser::new(FileLayout::ALL.map(|(name, _)| name))
        .map(|name| FileLayout::of_name(&name).unwrap_or_default())
}

fn formats_help() -> String {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    format!("Output format: {}", names.join(", "))
}

/// The format of this name.
pub(crate) fn parse_format(name: &str) -> Result<&'static Format, String> {
    kouan_render::format(name).ok_or_else(|| {
        let names = FORMATS.iter().map(|format| format.name).collect::<Vec<_>>();
        match kouan_words::nearest(name, names.iter().copied()) {
            Some(near) => format!("there is no such format; did you mean `{near}`?"),
            None => format!("there is no such format; there are {}", names.join(", ")),
        }
    })
}
