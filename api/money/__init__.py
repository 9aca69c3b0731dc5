"""The pages of money: what is asked, how it is shown, and what can be taken away."""
