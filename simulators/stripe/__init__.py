"""A strict stand-in for Stripe on the loopback: `python -m simulators.stripe --port 8431 --account ...`.

Read in this order: `serving` (what runs), `api` (the HTTP edge of /v1), `checkout`, `paying`, `refunding`,
`disputing` (what happens to money), `events` and `delivering` (how the shop hears of it), `hosted` and
`dashboard` (what a buyer and an operator see), `control` (what a test can force).
"""
