"""Laws over the table of actions."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence

from cnn_studio.gui import icons
from cnn_studio.gui.actions import ACTIONS, MENUS, TABLE, Action, Submenu
from cnn_studio.i18n import _, in_language, set_language


@pytest.mark.parametrize("entry", [entry for entry in TABLE if isinstance(entry, Action)], ids=lambda entry: entry.id)
def test_every_action_says_what_it_does(entry):
    assert entry.text
    assert entry.help.endswith(".")
    assert not entry.icon or entry.icon in icons.ICONS
    assert entry.menu in {*MENUS, *(one.id for one in TABLE if isinstance(one, Submenu))}
    assert entry.id.split(".")[0] == entry.menu.split("/")[0]


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.id)
def test_every_text_has_spanish(entry):
    for text in (entry.text, *((entry.help, entry.short) if isinstance(entry, Action) else ())):
        same = {"28×28×1 (channels last)"}
        if text and text not in same:
            assert in_language("es", text) != text, text


def test_every_menu_has_spanish_and_a_letter_of_its_own():
    for code in ("en", "es"):
        set_language(code)
        letters = [_(text)[_(text).index("&") + 1].lower() for text in MENUS.values()]
        assert len(set(letters)) == len(letters), letters


def test_no_two_actions_have_one_shortcut():
    keys = [QKeySequence(text).toString() for action in ACTIONS.values() for text in action.keys]
    assert all(keys)
    assert not [key for key, count in Counter(keys).items() if count > 1]


def test_no_two_actions_have_one_name():
    for code in ("en", "es"):
        names = Counter(in_language(code, action.text) for action in ACTIONS.values())
        assert not [name for name, count in names.items() if count > 1]


def test_every_action_can_be_asked_for_at_any_time(window):
    """What cannot be done is not done, and what is enabled can be told for the welcome page and for a network."""
    for shown in (False, True):
        if shown:
            window.open_starter("lenet5")
        for action_id, made in window.actions_.made.items():
            assert made.isEnabled() == ACTIONS[action_id].enabled(window), action_id


def test_menus_hold_every_action(window):
    found = set()
    for name in (*MENUS, *(entry.id for entry in TABLE if isinstance(entry, Submenu) and not entry.filled)):
        found |= {action.objectName() for action in window.menus[name].actions()}
    assert set(window.actions_.made) <= found
