"""How users are reached from outside: registration, sign-in, the team's members, and who acts in a request."""
