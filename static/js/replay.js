// The slider of a replay shows its moment as soon as it is let go; the current event is kept in sight in the list.

const form = document.querySelector("[data-replay]");
const slider = form?.querySelector("input[type=range]");
slider?.addEventListener("change", () => form.requestSubmit());
const list = document.querySelector(".replay-log ol");
const here = list?.querySelector("[aria-current]");
if (here) list.scrollTop = here.offsetTop - list.offsetTop - list.clientHeight / 2;
