"""What a window proves of its gradients: the check, by command and after edits, their cost, and the inputs'.

`Proving` is what the window knows; it is made with it, and loads the rest when it is asked for.  Long
computations run beside the window, in a `Background`; dialogs stay open while one goes on.
"""
