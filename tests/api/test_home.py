"""The overview as a program meets it."""

from tests.ledgers.conftest import books, held_clock

__all__ = ["books", "held_clock"]


def figures(answer):
    assert answer.status_code == 200, answer.text
    return {
        row["label"]: row["count"] if row["amount"] is None else row["amount"] for row in answer.get_json()["figures"]
    }


def test_the_overview_tells_each_what_they_may_see(program, books):
    officer, member = program(books.cast.treasurer), program(books.cast.member)
    assert figures(officer.get("/overview"))["Pool"] == "10000.00"
    assert "Arrears" in figures(officer.get("/overview"))
    assert figures(member.get("/overview"))["Members"] == 5
    assert "Arrears" not in figures(member.get("/overview"))
    told = officer.get("/overview").get_json()
    assert [(row["number"], row["amount"]) for row in told["recent"]] == [(1, "10000.00")]
    steps = {row["title"]: row["done"] for row in told["first_steps"]}
    assert (steps["Add the cash accounts"], steps["Confirm the opening balances"]) == (True, False)
    plain = member.get("/overview").get_json()
    assert (plain["recent"], plain["first_steps"]) == ([], [])
    assert all(row["url"].startswith(f"/g/{books.cast.slug}/") for row in told["figures"] if row["url"])


def test_the_overview_is_that_of_the_own_group(program, books):
    told = program(books.cast.outsider).get("/overview")
    assert (figures(told)["Pool"], told.get_json()["recent"]) == ("0.00", [])
    assert program(books.cast.member).get("/overview?day=1").status_code == 422


def test_a_token_tells_no_more_than_it_was_given(program, books):
    told = program(books.cast.treasurer, scopes=["group.see"]).get("/overview")
    assert "Arrears" not in figures(told)
    assert (told.get_json()["recent"], told.get_json()["first_steps"]) == ([], [])
