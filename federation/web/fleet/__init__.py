"""The fleet: territories, centres, vehicles and their boxes; the page that shows them."""
