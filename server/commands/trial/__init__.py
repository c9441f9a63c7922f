"""A house of its own on loopback and a real browser in it: what main-job, tour and the browser tests share."""
