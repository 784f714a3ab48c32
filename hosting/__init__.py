"""The platform's own host: its front page, the sign-up of cooperatives, and the operator console."""
