// The live page of host, participant and recorder: its modules, each for one thing.

import "./stream.js";
import "./clock.js";
import "./controls.js";
import "./sides.js";
import "./panel.js";
import "./keys.js";
import "./sound.js";
import "./people.js";
import "./replan.js";
import "./capture.js";
import "./notes.js";
