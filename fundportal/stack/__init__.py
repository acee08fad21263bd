"""Everything that starts Fondportalen on one machine: installing, the embedded services, the supervisor.

The modules use the standard library only, so that they run before anything is installed.
"""
