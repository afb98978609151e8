"""Charts: right proportions, escaped words, a table behind each."""

import re
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.web import charts
from app.web.plot import scale_for, tag, tip

D = Decimal
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


def heights(svg: str, tone: str) -> list[Decimal]:
    found = re.findall(rf'class="bar {tone}"[^>]* height="([\d.]+)%"', svg)
    return [D(height) for height in found]


@given(low=AMOUNTS, high=AMOUNTS)
def test_a_scale_holds_both_values_and_zero_in_few_round_steps(low: Decimal, high: Decimal):
    low, high = min(low, high), max(low, high)
    scale = scale_for(low, high)
    assert scale.low <= min(low, D(0))
    assert scale.high >= max(high, D(0))
    assert D(0) in scale.ticks()
    assert 2 <= len(scale.ticks()) <= 7


def test_a_column_twice_as_much_is_twice_as_high(in_group: Flask):
    figure = charts.columns("c", "Money in", "It grew.", ["Oct", "Nov"], [charts.Series("Savings", [D(100), D(200)])])
    first, second = heights(figure.svg, "s1")
    assert abs(second - 2 * first) <= D("0.02")


def test_parts_of_a_column_stand_on_each_other_and_negative_ones_hang_below(in_group: Flask):
    series = [charts.Series("In", [D(30)]), charts.Series("Fees", [D(10)], "s2"), charts.Series("Out", [D(-20)], "bad")]
    svg = charts.columns("c", "Flow", "Mixed.", ["Nov"], series).svg
    up, down = heights(svg, "s1")[0] + heights(svg, "s2")[0], heights(svg, "bad")[0]
    assert abs(up - 2 * down) <= D("0.02")
    assert ">−20<" in svg


def test_nothing_is_drawn_for_nothing(in_group: Flask):
    assert heights(charts.columns("c", "None", "Nothing yet.", ["Nov"], [charts.Series("In", [D(0)])]).svg, "s1") == []
    assert "plot" in charts.columns("c", "None", "Nothing yet.", [], []).svg
    assert "circle" not in charts.line("c", "None", "Nothing yet.", [], [charts.Series("In", [])]).svg
    assert charts.spark([D(1)]) == ""


def test_the_table_behind_has_every_figure_in_words(in_group: Flask):
    figure = charts.line(
        "l", "Fund", "It grew.", ["Oct", "Nov"], [charts.Series("Fund", [D(1), D("2.5")])], currency="KES"
    )
    assert list(figure.head) == ["Fund"]
    assert figure.rows == [["Oct", "KES\N{NO-BREAK SPACE}1.00"], ["Nov", "KES\N{NO-BREAK SPACE}2.50"]]
    assert 'role="img"' in figure.__html__()


def test_a_chart_that_opens_lists_is_a_group_of_named_links(in_group: Flask):
    svg = charts.columns("c", "In", "One.", ["Nov"], [charts.Series("Fees", [D(2)])], links=["/x?a=1&b=2"]).svg
    assert 'role="group"' in svg
    assert 'href="/x?a=1&amp;b=2"' in svg
    assert 'aria-label="Nov: Fees 2"' in svg


def test_words_from_people_are_escaped(in_group: Flask):
    evil = "<script>alert(1)</script>"
    svg = charts.columns("c", evil, evil, [evil], [charts.Series(evil, [D(1)])]).svg
    assert "<script" not in svg
    assert tag("text", evil, data_x='"') == '<text data-x="&#34;">&lt;script&gt;alert(1)&lt;/script&gt;</text>'


def test_a_line_alone_has_its_area_two_have_none(in_group: Flask):
    one, two = charts.Series("A", [D(1), D(2)]), charts.Series("B", [D(-2), D(1)], "s2")
    assert "polygon" in charts.line("l", "A", "One.", ["x", "y"], [one]).svg
    assert "polygon" not in charts.line("l", "A", "Two.", ["x", "y"], [one, two]).svg


@pytest.mark.parametrize(("middle", "left"), [(D(4), -24), (D(50), -54), (D(96), -83)])
def test_a_tooltip_stays_inside_the_picture(middle: Decimal, left: int):
    assert f'class="tip-box" x="{left}"' in tip("November", [("s1", "Savings", "5")], middle)


def test_a_split_bar_fills_the_whole(in_group: Flask):
    figure = charts.split(
        "Paid", [charts.Part("Yes", 3, "good", "/yes"), charts.Part("No", 1, "bad"), charts.Part("?", 0)]
    )
    assert 'width="75.00%"' in figure.svg
    assert 'width="25.00%"' in figure.svg
    assert [(part.label, part.text, part.url) for part in figure.legend] == [
        ("Yes", "3", "/yes"),
        ("No", "1", None),
        ("?", "0", None),
    ]


def test_a_spark_runs_from_edge_to_edge():
    svg = charts.spark([D(5), D(5), D(5)])
    assert 'points="0.0,28.0 50.0,28.0 100.0,28.0"' in svg
