"""The public's counter: letters sent by the net, followed by their number, added to, withdrawn, rated."""
