"""Official services: the files of a territory, asked of those who publish them."""
