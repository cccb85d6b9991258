"""The demo company: a small seller of garden goods, with the real reports of one and invented people.

`load` may run any number of times; what is there stays as people have changed it.
"""
