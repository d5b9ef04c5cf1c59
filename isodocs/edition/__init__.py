"""One edition of the manual: what is in force on a day, as pages and files for any site generator."""
