"""The program's entry: answers `--version` and checks commit messages before anything else is imported."""


def main(argv: list[str] | None = None) -> int:
    """Run the program.

    Args:
        argv: Arguments without the program's name; None takes those of the process.

    Returns:
        The exit status.
    """
    import sys  # here, so that importing this module costs nothing

    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["--version"]:
        from . import __version__  # here, as above

        sys.stdout.write(f"vwmp-release {__version__}\n")
        return 0
    if len(arguments) == 2 and arguments[0] == "lint-message" and not arguments[1].startswith("-"):
        from .cli import lint  # here: the commit-msg hook runs at every commit and needs no click

        return lint.main(arguments[1])
    from .cli.main import main as console  # here: the two ways out above do without

    return console(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
