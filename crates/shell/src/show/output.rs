//! Where answers go, and how they look.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Stdout, Write, stdout};
use std::path::{Path, PathBuf};

use kouan_render::{FORMATS, Format, Renderer, Settings};
use tempfile::NamedTempFile;

use crate::environment::Environment;
use crate::exit::Failure;

/// Rows of a long answer that a terminal shows.
const ROWS_ON_SCREEN: usize = 40;

/// The place and form of answers.
#[derive(Debug)]
pub(crate) struct Output {
    sink: Sink,
    /// The format in use.
    pub(crate) format: &'static Format,
    /// The command line asked for that format.
    pub(crate) format_is_given: bool,
    /// When each row is shown as lines of its own.
    pub(crate) expanded: Expanded,
    /// An answer went where they go now.
    holds_an_answer: bool,
    /// Where the present answer begins in a file that can be cut.
    begins: Option<u64>,
}

/// When each row is shown as lines of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expanded {
    Never,
    Always,
    /// When the terminal is too narrow for all columns side by side.
    WhenTooWide,
}

#[derive(Debug)]
enum Sink {
    Screen(BufWriter<Stdout>),
    /// A file that grows as answers come, with the format its ending stands for.
    File(BufWriter<File>, PathBuf, Option<&'static Format>),
    /// A file that takes the place of an older one when all is written.
    Replacing(BufWriter<NamedTempFile>, PathBuf),
}

impl Output {
    /// A file, or else standard output, in the format asked for.
    pub(crate) fn new(
        path: Option<&Path>,
        format: Option<&'static Format>,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        if let Some(path) = path {
            return Self::to_file(path, format);
        }
        if environment.stdout_is_terminal
            && let Some(format) = format
        {
            refuse_bytes_on_terminal(format)?;
        }
        Ok(Self::to_screen(format))
    }

    /// Changes the format of what follows.
    pub(crate) fn set_format(
        &mut self,
        format: &'static Format,
        environment: &Environment,
    ) -> Result<(), Failure> {
        if self.is_on_terminal(environment) {
            refuse_bytes_on_terminal(format)?;
        }
        self.format = format;
        Ok(())
    }

    /// Standard output, in the format asked for or the one for people.
    fn to_screen(format: Option<&'static Format>) -> Self {
        Self {
            sink: screen(),
            format: format.unwrap_or(&FORMATS[0]),
            format_is_given: format.is_some(),
            expanded: Expanded::Never,
            holds_an_answer: false,
            begins: None,
        }
    }

    /// A file, in the format asked for, else the one its ending stands for.
    ///
    /// An older file stays as it is until [`Output::close`]; devices and pipes are
    /// written at once.
    fn to_file(path: &Path, format: Option<&'static Format>) -> Result<Self, Failure> {
        let format = format
            .or_else(|| kouan_render::format_for_path(path))
            .ok_or_else(|| no_format(path))?;
        let is_special = fs::metadata(path).is_ok_and(|file| !file.is_file());
        let sink = if is_special {
            growing(path)?
        } else {
            refuse_bad_target(path)?;
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let file =
                temporary(folder.unwrap_or_else(|| Path::new("."))).map_err(cannot_write(path))?;
            Sink::Replacing(BufWriter::new(file), path.to_path_buf())
        };
        Ok(Self {
            sink,
            format,
            format_is_given: true,
            expanded: Expanded::Never,
            holds_an_answer: false,
            begins: None,
        })
    }

    /// Sends what follows to a file that grows as answers come, in the format that its
    /// ending stands for, else the present one. Says which.
    pub(crate) fn redirect_to_file(&mut self, path: &Path) -> Result<&'static Format, Failure> {
        self.flush()?;
        self.sink = growing(path)?;
        self.holds_an_answer = false;
        Ok(self.present_format())
    }

    /// Sends what follows to standard output.
    pub(crate) fn redirect_to_screen(&mut self) -> Result<(), Failure> {
        self.flush()?;
        self.sink = screen();
        self.holds_an_answer = false;
        Ok(())
    }

    /// A renderer for one answer, fitted to where it goes.
    ///
    /// # Errors
    /// The file holds an answer already, and its format takes one only.
    pub(crate) fn renderer(
        &mut self,
        environment: &Environment,
    ) -> Result<Box<dyn Renderer>, Failure> {
        self.renderer_of(Some(ROWS_ON_SCREEN), environment)
    }

    /// The same for a list of the program's own, of which a person wants every row.
    ///
    /// # Errors
    /// Those of [`renderer`](Self::renderer).
    pub(crate) fn list_renderer(
        &mut self,
        environment: &Environment,
    ) -> Result<Box<dyn Renderer>, Failure> {
        self.renderer_of(None, environment)
    }

    fn renderer_of(
        &mut self,
        most_rows: Option<usize>,
        environment: &Environment,
    ) -> Result<Box<dyn Renderer>, Failure> {
        let format = self.present_format();
        if !format.is_text && std::mem::replace(&mut self.holds_an_answer, true) {
            return Err(Failure::Usage(
                format!("a file of format `{}` holds one answer", format.name),
                Some("send each answer to a file of its own".to_string()),
            ));
        }
        let on_screen = self.is_on_terminal(environment);
        let settings = Settings {
            width: environment.width().filter(|_| on_screen),
            max_rows: most_rows.filter(|_| on_screen),
            color: on_screen && environment.color,
        };
        Ok(match self.expanded {
            Expanded::WhenTooWide if format.name == FORMATS[0].name => {
                kouan_render::table_or_vertical(&settings)
            }
            _ => format.renderer(&settings),
        })
    }

    /// Remembers where in a file an answer begins.
    pub(crate) fn begin_answer(&mut self) -> Result<(), Failure> {
        self.begins = match self.file() {
            Some(file) if file.metadata()?.is_file() => {
                self.flush()?;
                self.file()
                    .map(|mut file| file.stream_position())
                    .transpose()?
            }
            _ => None,
        };
        Ok(())
    }

    /// Takes what there is of an answer that broke off out of a file, so that no half of one is in it; a screen or
    /// a pipe keeps what it has.
    pub(crate) fn take_answer_back(&mut self) {
        // The failure that is told already matters more than what may fail here.
        let _ = self.flush();
        if let (Some(begins), Some(mut file)) = (self.begins, self.file()) {
            let _ = file.set_len(begins);
            let _ = file.seek(SeekFrom::Start(begins));
            self.holds_an_answer &= begins > 0;
        }
    }

    fn file(&self) -> Option<&File> {
        match &self.sink {
            Sink::Screen(_) => None,
            Sink::File(out, ..) => Some(out.get_ref()),
            Sink::Replacing(out, _) => Some(out.get_ref().as_file()),
        }
    }

    /// True when answers go to a terminal.
    pub(crate) fn is_on_terminal(&self, environment: &Environment) -> bool {
        matches!(self.sink, Sink::Screen(_)) && environment.stdout_is_terminal
    }

    fn present_format(&self) -> &'static Format {
        match &self.sink {
            Sink::File(_, _, Some(format)) => format,
            _ if self.expanded == Expanded::Always => {
                kouan_render::format("vertical").unwrap_or(self.format)
            }
            _ => self.format,
        }
    }

    /// Ends the output: everything is on its way, or the reason why not is known. With `failed`, a file that nothing
    /// was written to does not take the place of an older one.
    pub(crate) fn close(self, failed: bool) -> Result<(), Failure> {
        match self.sink {
            Sink::Screen(mut out) => Ok(out.flush()?),
            Sink::File(mut out, path, _) => out.flush().map_err(cannot_write(&path)),
            Sink::Replacing(out, path) => {
                let file = out
                    .into_inner()
                    .map_err(|error| cannot_write(&path)(error.into_error()))?;
                if failed && file.as_file().metadata().is_ok_and(|file| file.len() == 0) {
                    return Ok(());
                }
                file.persist(&path)
                    .map_err(|error| cannot_write(&path)(error.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Screen(out) => out.write(bytes),
            Sink::File(out, ..) => out.write(bytes),
            Sink::Replacing(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Screen(out) => out.flush(),
            Sink::File(out, ..) => out.flush(),
            Sink::Replacing(out, _) => out.flush(),
        }
    }
}

fn refuse_bytes_on_terminal(format: &Format) -> Result<(), Failure> {
    if format.is_text {
        return Ok(());
    }
    Err(Failure::Usage(
        format!("`{}` is not text for a terminal", format.name),
        Some("send it to a file: `-o answer.parquet`, or `\\o` at the prompt".to_string()),
    ))
}

fn screen() -> Sink {
    Sink::Screen(BufWriter::with_capacity(1 << 16, stdout()))
}

fn growing(path: &Path) -> Result<Sink, Failure> {
    let file = File::create(path).map_err(cannot_write(path))?;
    let format = kouan_render::format_for_path(path);
    Ok(Sink::File(BufWriter::new(file), path.to_path_buf(), format))
}

/// Says what is wrong with the person's own path, before a temporary one would be blamed.
fn refuse_bad_target(path: &Path) -> Result<(), Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder.map(fs::metadata) {
        Some(Err(error)) => Err(cannot_write(path)(error)),
        _ => Ok(()),
    }
}

/// A file beside the one it will replace, with the permissions any new file gets.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".kouan-").tempfile_in(folder)
}

fn cannot_write(path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::File(format!("cannot write {}", path.display()), error)
}

fn no_format(path: &Path) -> Failure {
    let endings = FORMATS
        .iter()
        .flat_map(|format| format.extensions)
        .map(|ending| format!(".{ending}"));
    Failure::Usage(
        format!("no format is known for {}", path.display()),
        Some(format!(
            "add --format, or end the name in {}",
            endings.collect::<Vec<_>>().join(", ")
        )),
    )
}
