"""Pages of projects: the public board and page, judging, and the workbench."""
