"""The printed pack of a meeting: what it holds, its charts, and the PDF.

`content.gather` reads what goes in, the templates `meetings/pack*.html` word it, `pdf.render` sets it in type. The
page for the browser's own printer is made of the same content and the same template, without the last step.
"""
