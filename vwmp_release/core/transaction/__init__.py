"""The transaction: its states and their order; knows git only through the port."""
