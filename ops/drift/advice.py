"""What to do about drift, in words that the console and the issue share."""

DIFFERS = (
    "Changed by hand? `pulumi up --refresh` takes it back. Wanted as it is now? Write it into the program, then "
    "`pulumi refresh`. Gone? `pulumi up --refresh` makes it anew; what was stored in it is lost, so look first."
)
STRAY = (
    "In no state: left behind by an update that broke off (`pulumi import` takes it in), or made by hand with these "
    "tags (delete it, or change its tags)."
)
EXPIRED = "Renew or remove them in `ops/drift/known_noise.yaml`."
