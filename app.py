"""The web application: navigation only."""

import streamlit as st

from territo.ui import door
from territo.ui.pages import compare, exports, territory
from territo.ui.session import say

st.set_page_config(page_title=say("name"), layout="wide")
door.admit()
pages = {
    say("group.prepare"): [st.Page(territory.show, title=say("territory.menu"), url_path="territoire")],
    say("group.decide"): [st.Page(compare.show, title=say("compare.menu"), url_path="comparer", default=True)],
    say("group.share"): [st.Page(exports.show, title=say("exports.menu"), url_path="exports")],
}
st.navigation(door.visible(pages, say("group.prepare"))).run()
