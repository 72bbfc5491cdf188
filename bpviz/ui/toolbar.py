"""The toolbar: files, undo, the run with its speed, and what the network's colors show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from bpviz.ui.speed_slider import SpeedSlider
from bpviz.ui.theme import ICON_PX, Theme


class RunToolBar(QToolBar):
    """The one toolbar."""

    def __init__(
        self,
        parts: Mapping[str, Sequence[QAction]],
        speed: SpeedSlider,
        theme: Theme,
        play: QAction,
        step: QAction,
    ) -> None:
        """Make the toolbar.

        Args:
            parts: Which commands stand in which part.
            speed: A slider, to stand in it.
            theme: For its pictures.
            play: The command whose button is the first.
            step: The one that stands for all steps.
        """
        super().__init__("Toolbar")
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        theme.size(self, icon=ICON_PX)
        self._play, self._theme = play, theme
        self._playing = False
        for part in ("files", "edits"):
            self.addActions(list(parts[part]))
            self.addSeparator()
        for action in parts["run"]:
            self._add_text_button(action)
        self.play_button = self._add_play()
        self.step_button = self._add_step(step, parts["steps"])
        self.addSeparator()
        self.speed = speed
        self.addWidget(speed)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.addActions(list(parts["views"]))
        # Offers what a narrow window has no room for; Qt's own picture is dark on dark.
        for button in self.findChildren(QToolButton, "qt_toolbar_ext_button"):
            theme.show_icon(button, "chevron-right", "secondary")
        theme.changed.connect(self._paint_play)
        self._paint_play()

    @Slot(bool)
    def show_playing(self, playing: bool) -> None:
        """Let the button say Pause while the run plays."""
        self._playing = playing
        self._paint_play()

    def _add_text_button(self, action: QAction) -> None:
        self.addAction(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _add_play(self) -> QToolButton:
        button = (
            QToolButton()
        )  # not the action's own: on the accent its picture needs another color than in menus
        button.setProperty("look", "primary")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._play.trigger)
        self._play.changed.connect(self._on_play_changed)
        self.addWidget(button)
        return button

    def _add_step(self, step: QAction, steps: Sequence[QAction]) -> QToolButton:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(list(steps))
        button = QToolButton()
        button.setDefaultAction(step)
        button.setText("Step")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        step.changed.connect(lambda: button.setText("Step"))
        self.addWidget(button)
        return button

    @Slot()
    def _paint_play(self) -> None:
        name = "pause" if self._playing else "play"
        self._theme.show_icon(self._play, name)
        self._theme.show_icon(self.play_button, name, "surface")
        self.play_button.ensurePolished()
        widths = []
        for text in ("Play", "Pause"):  # as wide for one as for the other
            self.play_button.setText(text)
            widths.append(self.play_button.sizeHint().width())
        self.play_button.setMinimumWidth(max(widths))
        self.play_button.setText(name.capitalize())

    @Slot()
    def _on_play_changed(self) -> None:
        self.play_button.setEnabled(self._play.isEnabled())
        self.play_button.setToolTip(self._play.toolTip())
