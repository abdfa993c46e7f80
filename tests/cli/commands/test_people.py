"""`candor people`, as an admin runs it."""

from tests.cli.candor import Candor

AT = ("--at", "slack:T1")


def test_people_join_groups_leave_them_and_are_linked(candor: Candor) -> None:
    assert "No groups" in candor.done("people", "list", *AT)
    assert "2 added" in candor.done("people", "add", "board", "Ana@Example.com", "ben@example.com", *AT)
    assert "board: ana@example.com, ben@example.com" in candor.done("people", "list", *AT)
    assert "No groups" in candor.done("people", "list", "--at", "slack:T2")
    assert "1 removed" in candor.done("people", "remove", "board", "ben@example.com", "x@example.com", *AT)
    assert "U1 is ana@example.com" in candor.done("people", "link", "U1", "ana@example.com", *AT)
    assert "no longer linked" in candor.done("people", "unlink", "U1", *AT)
    assert "was not linked" in candor.done("people", "unlink", "U1", *AT)


def test_what_is_no_workspace_group_or_address_is_said_in_one_line(candor: Candor) -> None:
    assert candor.run("people", "list", "--at", "T1").code == 2
    for arguments in (("everyone", "ana@example.com"), ("board", "ana")):
        ended = candor.run("people", "add", *arguments, *AT)
        assert ended.code == 1
        assert len(ended.err.splitlines()) == 1
