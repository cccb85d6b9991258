// The phone of the timekeeper: the clock, its buttons, who speaks.

import "./stream.js";
import "./clock.js";
import "./controls.js";
import "./sound.js";
import "./people.js";
