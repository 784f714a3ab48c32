"""One line of the table that a part prints."""


def say(what: str, figure: str, goal: str = "") -> None:
    """`figure` with its unit; `goal` as the issue that set it has it."""
    print(f"{what:<86} {figure:>22}  {goal and f'(goal {goal})'}", flush=True)
