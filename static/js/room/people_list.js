// The list of people that opens behind an @ in a text field: by name, by pinyin and by first letters. Arrow keys, Enter
// or Tab take one, Escape closes it. The field is a combobox (or a text area); the list its listbox.

const MOST = 8;

export function makePeopleList(input, list, url) {
  let people = null;
  let fetching = null;
  let shown = [];
  let place = 0;
  let open = false;

  function fetchPeople() {
    fetching ||= fetch(url, { headers: { Accept: "application/json" }, redirect: "manual" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then((data) => { people = data.people; look(); })
      .catch(() => { fetching = null; });
    return fetching;
  }

  // What is typed behind the last @ before the caret; null when the caret is in no name.
  function mention() {
    const before = input.value.slice(0, input.selectionStart ?? input.value.length);
    const found = /(?:^|[^A-Za-z0-9])[@＠]([^@＠\s,，;；]{0,40}(?: [^@＠\s,，;；]{0,40})?)$/u.exec(before);
    return found && { word: found[1].toLowerCase(), from: before.length - found[1].length - 1, to: before.length };
  }
  const rank = (person, word) => {
    const name = person.name.toLowerCase();
    if (name.startsWith(word) || person.keys.some((one) => one.startsWith(word))) return 0;
    return name.includes(word) ? 1 : -1;
  };

  // A field of several lines stays a text box, which cannot be said to be open.
  const say = (isOpen) => { if (input.getAttribute("role") === "combobox") input.setAttribute("aria-expanded", isOpen); };
  function close() {
    open = false;
    list.hidden = true;
    list.replaceChildren();
    say("false");
    input.removeAttribute("aria-activedescendant");
  }
  function mark() {
    for (const [number, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(number === place));
    input.setAttribute("aria-activedescendant", `${list.id}-${place}`);
  }
  function look() {
    const asked = mention();
    if (!asked) return close();
    if (!people) return fetchPeople();
    const name = people.find((one) => one.write.toLowerCase() === asked.word);
    const fitting = people.map((person) => [rank(person, asked.word), person]).filter(([how]) => how >= 0);
    fitting.sort((one, other) => one[0] - other[0]);
    shown = name ? [] : fitting.slice(0, MOST).map(([, person]) => person);
    if (!shown.length) return close();
    place = 0;
    list.replaceChildren(...shown.map((person, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.textContent = person.name;
      if (person.write !== person.name) {
        const more = document.createElement("span");
        more.className = "text-secondary";
        more.textContent = ` ${person.email}`;
        option.append(more);
      }
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(number); });
      return option;
    }));
    list.hidden = false;
    open = true;
    say("true");
    mark();
    return undefined;
  }
  function take(number) {
    const asked = mention();
    if (!asked) return close();
    const words = `@${shown[number].write} `;
    input.setRangeText(words, asked.from, asked.to, "end");
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return undefined;
  }

  input.addEventListener("input", look);
  input.addEventListener("click", look);
  input.addEventListener("blur", close);
  input.addEventListener("focus", () => { if (!people) fetchPeople(); });

  /** Whether the list took this key. */
  return function takesKey(event) {
    if (!open) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      place = (place + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") take(place);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  };
}
