"""The web application: navigation only; the frame writes the menu, in a way that screen readers follow."""

import streamlit as st

from territo.ui import door
from territo.ui.layout import frame
from territo.ui.navigation import menu
from territo.ui.session import say

st.set_page_config(page_title=say("name"), layout="wide")
door.admit()
page = st.navigation(menu(), position="hidden")
frame()
page.run()
