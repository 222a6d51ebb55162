"""Put a programme into the portal: a real one, what the demo adds to it, or an invented one.

programme_file   loads a real programme from a file of data (`manage.py load_programme`);
                 oddities.py lists what a person should look at in that file
demo             adds three users and some judgements to a programme that is loaded
                 (`manage.py demo`)
invented         makes initiatives by the thousand, to measure with (`manage.py make_load`)
"""
