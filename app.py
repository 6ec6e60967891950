"""The web application: navigation only."""

import streamlit as st

from territo.ui.layout import frame
from territo.ui.navigation import menu
from territo.ui.session import say

st.set_page_config(page_title=say("name"), layout="wide")
page = st.navigation(menu())
frame()
page.run()
